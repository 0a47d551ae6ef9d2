// The convolution stepper in the browser: the arithmetic, the three panels, and what mouse, touch and keys do.
// It needs no answer from Python to move; it only tells Python where the window stands.

const SIDE = 3; // rows and columns of the window
const PLAY_MILLISECONDS = 130;
const CALM_MILLISECONDS = 400; // for those who asked their system for less motion
const SPEAK_MILLISECONDS = 350;
const LARGEST_WITH_NUMBERS = 9; // images up to that many rows show the number in each pixel
const LARGEST_WEIGHT = 99;
const CANVAS_PIXELS = 640;
const OWN = "your own";
// Some stops of the colour map cividis: dark blue below zero, grey at zero, yellow above; safe for the colour-blind.
const CIVIDIS = [[0, 34, 78], [53, 69, 108], [87, 92, 109], [124, 123, 120], [166, 157, 117], [208, 192, 97], [254, 232, 56]];

// ---------------------------------------------------------------------------------------------- arithmetic

/** How the window can stand on an image: rows and columns of the output, and of padding above and to the left. */
export function geometry(height, width, padding, stride) {
  const along = (size) => {
    if (padding === "valid") return { count: Math.floor((size - SIDE) / stride) + 1, before: 0, size };
    const count = Math.ceil(size / stride);
    const added = Math.max((count - 1) * stride + SIDE - size, 0);
    return { count, before: Math.floor(added / 2), size: size + added };
  };
  const [down, across] = [along(height), along(width)];
  return {
    stride, rows: down.count, columns: across.count, top: down.before, left: across.before,
    height: down.size, width: across.size,
  };
}

/** The kernel turned by half a turn, as a convolution uses it. */
export function turned(kernel) {
  return kernel.map((row) => [...row].reverse()).reverse();
}

/** The nine pixels under the window; null where it lies on the padding. */
export function pixelsUnder(image, place, row, column) {
  return Array.from({ length: SIDE }, (_, down) =>
    Array.from({ length: SIDE }, (_, across) => {
      const pixels = image[row * place.stride + down - place.top];
      const value = pixels?.[column * place.stride + across - place.left];
      return value === undefined ? null : value;
    }),
  );
}

/** Pixel times weight, nine times. */
export function productsOf(pixels, weights) {
  return pixels.map((row, down) => row.map((pixel, across) => (pixel ?? 0) * weights[down][across]));
}

/** The sum of a table. */
export function total(table) {
  return table.flat().reduce((sum, value) => sum + value, 0);
}

/** All output pixels, row by row. */
export function respond(image, kernel, padding, stride, operation) {
  const place = geometry(image.length, image[0].length, padding, stride);
  const weights = operation === "convolution" ? turned(kernel) : kernel;
  return Array.from({ length: place.rows }, (_, row) =>
    Array.from({ length: place.columns }, (_, column) =>
      total(productsOf(pixelsUnder(image, place, row, column), weights)),
    ),
  );
}

// ------------------------------------------------------------------------------------------ numbers in words

const nearly = (a, b) => Math.abs(a - b) < 1e-9;
const rounded = (value) => Math.round(value * 100) / 100 + 0;

/** At most two decimals, with a real minus sign. */
export function inWords(value) {
  return String(rounded(value)).replace("-", "−");
}

/** A weight: 2, −0.5, or as a fraction, 1/9. */
export function weightInWords(value) {
  if (nearly(value, rounded(value))) return inWords(value);
  for (let below = 3; below <= 64; below += 1) {
    const above = Math.round(value * below);
    if (above !== 0 && nearly(value, above / below)) return `${above}/${below}`.replace("-", "−");
  }
  return inWords(value);
}

/** The number that somebody typed, such as −1, 0.5, 0,5 or 1/9; NaN if it is none that will do. */
export function readWeight(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const [above, below] = plain.split("/");
  const number = /^[-+]?(\d+\.?\d*|\.\d+)(\/\d+)?$/.test(plain) ? Number(above) / Number(below ?? 1) : NaN;
  return Math.abs(number) <= LARGEST_WEIGHT ? number : NaN;
}

// --------------------------------------------------------------------------------------------------- colours

function greyOf(value, low, high) {
  const level = Math.round((255 * (value - low)) / (high - low || 1));
  return [level, level, level];
}

function signedColour(value, limit) {
  const place = ((Math.min(Math.max(value / (limit || 1), -1), 1) + 1) / 2) * (CIVIDIS.length - 1);
  const below = Math.min(Math.floor(place), CIVIDIS.length - 2);
  return CIVIDIS[below].map((from, i) => Math.round(from + (place - below) * (CIVIDIS[below + 1][i] - from)));
}

const css = (colour) => `rgb(${colour.join(" ")})`;
const inkOn = ([red, green, blue]) => (0.299 * red + 0.587 * green + 0.114 * blue > 128 ? "black" : "white");

// ------------------------------------------------------------------------------------------------------ page

/** An element with attributes, listeners (functions) and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function choices(legend, values, words, onChoice) {
  const group = `stepper-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  const inputs = values.map((value) =>
    make("input", { type: "radio", name: group, value, change: () => onChoice(value) }),
  );
  const labels = inputs.map((input, i) => make("label", {}, input, words[i]));
  const element = make("fieldset", {}, make("legend", {}, legend), make("div", {}, ...labels));
  const show = (chosen) => inputs.forEach((input, i) => { input.checked = values[i] === chosen; });
  return { element, show };
}

function table(label) {
  const cells = Array.from({ length: SIDE * SIDE }, () => make("span", { class: "cell" }));
  return { element: make("div", { class: "table", role: "img", "aria-label": label }, ...cells), cells };
}

function captioned(caption, element) {
  return make("figure", {}, make("figcaption", {}, caption), element);
}

class Stepper {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.kernelFields = this.makeKernelFields();
    this.build();
    this.onChange = () => this.refresh();
    model.on("change", this.onChange);
    this.watchKeys();
    this.refresh();
  }

  dispose() {
    this.model.off("change", this.onChange);
    clearInterval(this.playing);
    clearTimeout(this.speaking);
  }

  // ------------------------------------------------------------------------------------------------- state

  get(name) {
    return this.model.get(name);
  }

  /** Changes some traits, here at once; ipywidgets tells Python as often as Python can follow. */
  set(changes) {
    for (const [name, value] of Object.entries(changes)) this.model.set(name, value);
    // A smaller output may have moved the window: told together, or Python would move it once more, too late.
    const [row, column] = this.get("position");
    if (row !== this.row || column !== this.column) this.model.set("position", [this.row, this.column]);
    this.model.save_changes();
  }

  /** Whatever follows from the traits, worked out anew. */
  refresh() {
    const image = this.get("image");
    const place = geometry(image.length, image[0].length, this.get("padding"), this.get("stride"));
    const before = this.place;
    const moved = before && (before.rows !== place.rows || before.columns !== place.columns);
    if (!before || moved) {
      const wasFull = before && this.seen.every(Boolean);
      this.seen = new Array(place.rows * place.columns).fill(Boolean(wasFull));
    }
    this.place = place;
    this.weights = this.get("operation") === "convolution" ? turned(this.get("kernel")) : this.get("kernel");
    this.output = respond(image, this.get("kernel"), this.get("padding"), this.get("stride"), this.get("operation"));
    this.limit = Math.max(...this.output.flat().map(Math.abs)) || 1;
    const [row, column] = this.get("position");
    this.row = Math.min(Math.max(row, 0), place.rows - 1);
    this.column = Math.min(Math.max(column, 0), place.columns - 1);
    this.see(this.row, this.column);
    this.showChoices();
    this.drawImage();
    this.drawOutput();
    this.showStep();
  }

  see(row, column) {
    this.seen[row * this.place.columns + column] = true;
  }

  // ------------------------------------------------------------------------------------------------ moving

  moveTo(row, column) {
    const to = [
      Math.min(Math.max(row, 0), this.place.rows - 1),
      Math.min(Math.max(column, 0), this.place.columns - 1),
    ];
    if (to[0] !== this.row || to[1] !== this.column) this.set({ position: to });
  }

  /** Moves there by way of all places between, so that a quick hand leaves no gaps. */
  dragTo(row, column) {
    const [fromRow, fromColumn] = [this.row, this.column];
    const steps = Math.max(Math.abs(row - fromRow), Math.abs(column - fromColumn), 1);
    for (let i = 1; i < steps; i += 1) {
      this.see(fromRow + Math.round((i * (row - fromRow)) / steps), fromColumn + Math.round((i * (column - fromColumn)) / steps));
    }
    this.moveTo(row, column);
  }

  /** One place further, as one reads; false at the end. */
  step() {
    const next = this.row * this.place.columns + this.column + 1;
    if (next >= this.seen.length) return false;
    this.moveTo(Math.floor(next / this.place.columns), next % this.place.columns);
    return true;
  }

  togglePlaying() {
    if (this.playing) return this.pause();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!this.step()) this.moveTo(0, 0);
    this.playing = setInterval(() => this.step() || this.pause(), calm ? CALM_MILLISECONDS : PLAY_MILLISECONDS);
    this.showPlaying();
  }

  pause() {
    clearInterval(this.playing);
    this.playing = undefined;
    this.showPlaying();
    this.showStep();
  }

  fill() {
    this.pause();
    this.seen.fill(true);
    this.drawOutput();
    this.showStep();
  }

  startOver() {
    this.pause();
    this.seen.fill(false);
    this.moveTo(0, 0);
    this.see(this.row, this.column);
    this.drawOutput();
    this.showStep();
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      ArrowUp: () => this.moveTo(this.row - 1, this.column),
      ArrowDown: () => this.moveTo(this.row + 1, this.column),
      ArrowLeft: () => this.moveTo(this.row, this.column - 1),
      ArrowRight: () => this.moveTo(this.row, this.column + 1),
      Home: () => this.moveTo(0, 0),
      End: () => this.moveTo(this.place.rows - 1, this.place.columns - 1),
      " ": () => this.togglePlaying(),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== " " && this.playing) this.pause();
    move();
  }

  /** JupyterLab would take most keys for its own; it shall have them only with Ctrl, Shift, Alt or ⌘. */
  watchKeys() {
    const focusable = this.root.querySelectorAll("[tabindex], button, input, select");
    const keep = (event) => {
      const ours = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
      focusable.forEach((element) => element.toggleAttribute("data-lm-suppress-shortcuts", ours));
    };
    keep({});
    this.root.addEventListener("focusin", () => keep({}));
    this.root.addEventListener("keydown", keep, true);
    this.root.addEventListener("keyup", keep, true);
  }

  // ------------------------------------------------------------------------------------------------- build

  build() {
    const names = Object.keys(this.get("kernels"));
    this.select = make(
      "select", { change: () => this.chooseKernel(this.select.value) },
      ...[...names, OWN].map((name) => make("option", { value: name }, name)),
    );
    this.padding = choices("padding", ["valid", "same"], ["valid", "same"], (padding) => this.set({ padding }));
    this.stride = choices("stride", [1, 2, 3], ["1", "2", "3"], (stride) => this.set({ stride }));
    this.operation = choices(
      "operation", ["correlation", "convolution"], ["correlation", "convolution (kernel turned)"],
      (operation) => this.set({ operation }),
    );
    const controls = make(
      "div", { class: "controls" },
      make("label", { class: "kernel-choice" }, make("span", {}, "kernel"), this.select),
      this.padding.element, this.stride.element, this.operation.element,
    );

    this.input = this.makeInputPanel();
    this.result = this.makeOutputPanel();
    const panels = make("div", { class: "panels" }, this.input.figure, this.makeWork(), this.result.figure);

    this.playButton = make("button", { type: "button", class: "play", click: () => this.togglePlaying() });
    const button = (words, action) => make("button", { type: "button", click: action }, words);
    const buttons = make(
      "div", { class: "buttons" }, this.playButton,
      button("Step", () => { this.pause(); this.step(); }),
      button("Fill in all", () => this.fill()),
      button("Start over", () => this.startOver()),
      make("span", { class: "help" },
        "Drag the window. Or click it and use the arrow keys, Home and End; Space plays and pauses."),
    );
    this.spoken = make("div", { class: "spoken", "aria-live": "polite" });
    this.root.classList.add("convolution-stepper");
    this.root.append(controls, panels, buttons, this.spoken);
    this.showPlaying();
  }

  makeInputPanel() {
    const canvas = make("canvas", { "aria-hidden": "true" });
    const frame = make("div", { class: "frame window" });
    const pad = make(
      "div",
      {
        class: "pad", tabindex: "0", role: "application",
        "aria-label": "Image with the window. Arrow keys move the window, Home and End go to its first and last place, Space plays and pauses.",
        keydown: (event) => this.onKey(event),
        pointerdown: (event) => {
          event.preventDefault();
          this.pause();
          pad.focus({ preventScroll: true });
          pad.setPointerCapture(event.pointerId);
          this.moveTo(...this.placeUnder(event, pad));
        },
        pointermove: (event) => {
          if (pad.hasPointerCapture(event.pointerId)) this.dragTo(...this.placeUnder(event, pad));
        },
      },
      canvas, frame,
    );
    const caption = make("figcaption");
    return { canvas, frame, caption, figure: make("figure", { class: "input" }, caption, pad) };
  }

  /** The place of the window whose middle is nearest to the pointer. */
  placeUnder(event, pad) {
    const box = pad.getBoundingClientRect();
    const along = (share, size, count) => {
      const place = Math.round((share * size - SIDE / 2) / this.place.stride);
      return Math.min(Math.max(place, 0), count - 1);
    };
    return [
      along((event.clientY - box.top) / box.height, this.place.height, this.place.rows),
      along((event.clientX - box.left) / box.width, this.place.width, this.place.columns),
    ];
  }

  makeOutputPanel() {
    const canvas = make("canvas", { "aria-hidden": "true" });
    const frame = make("div", { class: "frame" });
    const pad = make(
      "div",
      {
        class: "pad result", role: "img",
        click: (event) => {
          this.pause();
          const box = pad.getBoundingClientRect();
          this.moveTo(
            Math.floor(((event.clientY - box.top) / box.height) * this.place.rows),
            Math.floor(((event.clientX - box.left) / box.width) * this.place.columns),
          );
        },
      },
      canvas, frame,
    );
    const caption = make("figcaption");
    const scale = make("div", { class: "scale", "aria-hidden": "true" });
    scale.style.background = `linear-gradient(to right, ${CIVIDIS.map(css).join(", ")})`;
    const ends = make("div", { class: "ends" });
    return { canvas, frame, pad, caption, ends, figure: make("figure", { class: "output" }, caption, pad, scale, ends) };
  }

  makeKernelFields() {
    return Array.from({ length: SIDE * SIDE }, (_, i) =>
      make("input", {
        class: "cell", type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", maxlength: "7",
        "aria-label": `weight in row ${Math.floor(i / SIDE)}, column ${i % SIDE} of the kernel`,
        input: () => this.readKernel(),
        focus: (event) => event.target.select(),
        blur: () => this.showKernel(),
      }),
    );
  }

  makeWork() {
    this.pixels = table("the nine pixels under the window");
    this.used = table("the kernel, turned");
    this.products = table("the nine products");
    this.usedFigure = captioned("kernel, turned", this.used.element);
    this.givenFigure = captioned("kernel", make("div", { class: "table" }, ...this.kernelFields));
    this.givenFigure.classList.add("given");
    this.problem = make("p", { class: "problem", role: "alert" });
    this.written = make("div", { class: "written" });
    this.sum = make("output", { class: "sum" });
    this.tables = make(
      "div", { class: "tables" },
      captioned("pixels", this.pixels.element),
      make("span", { class: "sign", "aria-hidden": "true" }, "×"),
      this.givenFigure, this.usedFigure,
      make("span", { class: "sign", "aria-hidden": "true" }, "="),
      captioned("products", this.products.element),
    );
    return make("div", { class: "work" }, this.tables, this.problem, this.written, this.sum);
  }

  // ------------------------------------------------------------------------------------------------ kernel

  chooseKernel(name) {
    const kernel = this.get("kernels")[name];
    if (!kernel) return this.kernelFields[0].focus();
    this.kernelFields.forEach((field) => { field.value = ""; });
    this.problem.textContent = "";
    this.set({ kernel });
    this.showKernel();
  }

  /** Reads the nine fields; a kernel with a field that is no number is not used, and the field says so. */
  readKernel() {
    const weights = this.kernelFields.map((field) => readWeight(field.value));
    const wrong = this.kernelFields.filter((_, i) => Number.isNaN(weights[i]));
    this.kernelFields.forEach((field, i) => field.setAttribute("aria-invalid", String(Number.isNaN(weights[i]))));
    this.problem.textContent = wrong.length
      ? `“${wrong[0].value}” isn’t a weight. Write a number from −${LARGEST_WEIGHT} to ${LARGEST_WEIGHT}, such as −1, 0.5 or 1/9.`
      : "";
    if (!wrong.length) this.set({ kernel: [0, 1, 2].map((row) => weights.slice(SIDE * row, SIDE * row + SIDE)) });
  }

  /** Writes the weights into the fields, except into those that somebody is at work on. */
  showKernel() {
    const editing = this.kernelFields.includes(document.activeElement);
    if (this.problem.textContent) return;
    this.get("kernel").flat().forEach((weight, i) => {
      const field = this.kernelFields[i];
      if (!editing || !nearly(readWeight(field.value), weight)) field.value = weightInWords(weight);
      field.setAttribute("aria-invalid", "false");
    });
  }

  // -------------------------------------------------------------------------------------------------- show

  showChoices() {
    const same = (kernel) => kernel.flat().every((weight, i) => nearly(weight, this.get("kernel").flat()[i]));
    const known = Object.entries(this.get("kernels")).find(([, kernel]) => same(kernel));
    this.select.value = known ? known[0] : OWN;
    this.padding.show(this.get("padding"));
    this.stride.show(this.get("stride"));
    this.operation.show(this.get("operation"));
    const isTurned = this.get("operation") === "convolution";
    this.usedFigure.hidden = !isTurned;
    this.tables.classList.toggle("turned", isTurned);
    this.givenFigure.querySelector("figcaption").textContent = isTurned ? "kernel, before it is turned" : "kernel";
    this.showKernel();
  }

  showPlaying() {
    this.playButton.textContent = this.playing ? "Pause" : "Play";
  }

  /** The image with its padding, and numbers if it is small. */
  drawImage() {
    const { height, width, top, left } = this.place;
    const image = this.get("image");
    const [low, high] = [Math.min(0, ...image.flat()), Math.max(...image.flat())];
    const padded = height > image.length || width > image[0].length;
    this.input.caption.textContent = `image, ${padded ? "padded to " : ""}${height} × ${width}`;
    drawCells(this.input.canvas, height, width, image.length <= LARGEST_WITH_NUMBERS, (row, column) => {
      const value = image[row - top]?.[column - left];
      return value === undefined ? { hatched: true, value: 0 } : { colour: greyOf(value, low, high), value };
    });
  }

  drawOutput() {
    const { rows, columns } = this.place;
    const numbers = Math.max(rows, columns) <= LARGEST_WITH_NUMBERS;
    drawCells(this.result.canvas, rows, columns, numbers, (row, column) => {
      const value = this.output[row][column];
      return this.seen[row * columns + column] ? { colour: signedColour(value, this.limit), value } : {};
    });
    const done = this.seen.filter(Boolean).length;
    this.result.caption.textContent = `output, ${rows} × ${columns}`;
    this.result.pad.setAttribute("aria-label", `Output of ${rows} × ${columns} pixels, ${done} of them filled in.`);
    const limit = inWords(this.limit);
    this.result.ends.replaceChildren(make("span", {}, `−${limit}`), make("span", {}, "0"), make("span", {}, limit));
  }

  /** The window, its nine products and their sum. */
  showStep() {
    const { stride, height, width, rows, columns } = this.place;
    putFrame(this.input.frame, this.row * stride, this.column * stride, SIDE, height, width);
    putFrame(this.result.frame, this.row, this.column, 1, rows, columns);
    const pixels = pixelsUnder(this.get("image"), this.place, this.row, this.column);
    const products = productsOf(pixels, this.weights);
    const image = this.get("image").flat();
    const [low, high] = [Math.min(0, ...image), Math.max(...image)];
    const strongest = Math.max(...products.flat().map(Math.abs));
    pixels.flat().forEach((pixel, i) => {
      paint(this.pixels.cells[i], pixel === null ? null : greyOf(pixel, low, high), inWords(pixel ?? 0));
      paint(this.used.cells[i], undefined, weightInWords(this.weights.flat()[i]));
      paint(this.products.cells[i], signedColour(products.flat()[i], strongest), inWords(products.flat()[i]));
    });
    this.pixels.element.setAttribute("aria-label", `The nine pixels under the window: ${pixels.flat().map((pixel) => inWords(pixel ?? 0)).join(", ")}`);
    this.products.element.setAttribute("aria-label", `The nine products: ${products.flat().map(inWords).join(", ")}`);
    this.writeSum(pixels, products);
    clearTimeout(this.speaking);
    if (!this.playing) this.speaking = setTimeout(() => this.speak(), SPEAK_MILLISECONDS);
  }

  writeSum(pixels, products) {
    const factor = (text) => (/^−/.test(text) ? `(${text})` : text);
    const lines = pixels.map((row, down) =>
      row.map((pixel, across) => `${inWords(pixel ?? 0)}·${factor(weightInWords(this.weights[down][across]))}`).join(" + "),
    );
    this.written.replaceChildren(...lines.map((line, i) => make("div", {}, (i ? "+ " : "") + line)));
    const sum = total(products);
    const exact = products.flat().every((value) => nearly(value, rounded(value)));
    this.sum.replaceChildren(
      make("b", {}, `sum ${exact ? "=" : "≈"} ${inWords(sum)}`),
      make("span", {}, `output row ${this.row}, column ${this.column}`),
    );
    const colour = signedColour(sum, this.limit);
    this.sum.style.background = css(colour);
    this.sum.style.color = inkOn(colour);
  }

  /** For screen readers, when the window has come to rest. */
  speak() {
    const sum = inWords(this.output[this.row][this.column]);
    this.spoken.textContent = `Output pixel in row ${this.row}, column ${this.column}: the sum is ${sum}.`;
  }
}

function paint(cell, colour, text) {
  cell.textContent = text;
  cell.classList.toggle("padding", colour === null);
  cell.style.background = colour ? css(colour) : "";
  cell.style.color = colour ? inkOn(colour) : "";
}

function putFrame(frame, row, column, side, height, width) {
  const share = (part, whole) => `${(100 * part) / whole}%`;
  frame.style.top = share(row, height);
  frame.style.left = share(column, width);
  frame.style.height = share(side, height);
  frame.style.width = share(side, width);
}

/** Draws a table of cells: {colour, value}, {hatched, value} for padding, {} for what isn't known yet. */
function drawCells(canvas, rows, columns, numbers, cellAt) {
  const side = Math.ceil(CANVAS_PIXELS / Math.max(rows, columns));
  canvas.width = columns * side;
  canvas.height = rows * side;
  const pen = canvas.getContext("2d");
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = Math.min(Math.max(side / 14, 1), 3);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [x, y, cell] = [column * side, row * side, cellAt(row, column)];
      pen.fillStyle = cell.colour ? css(cell.colour) : "rgb(128 128 128 / 14%)";
      pen.fillRect(x, y, side, side);
      if (cell.hatched) hatch(pen, x, y, side);
      if (numbers && cell.value !== undefined) {
        pen.fillStyle = cell.colour ? inkOn(cell.colour) : "#777";
        pen.font = `${Math.round(side * 0.3)}px sans-serif`;
        pen.fillText(inWords(cell.value), x + side / 2, y + side / 2);
      }
      if (numbers) {
        pen.strokeStyle = "rgb(128 128 128 / 60%)";
        pen.strokeRect(x, y, side, side);
      }
    }
  }
}

function hatch(pen, x, y, side) {
  pen.strokeStyle = "rgb(128 128 128 / 60%)";
  pen.beginPath();
  pen.moveTo(x, y + side);
  pen.lineTo(x + side, y);
  pen.stroke();
}

function render({ model, el }) {
  const root = make("div");
  el.append(root);
  const stepper = new Stepper(model, root);
  return () => stepper.dispose();
}

export default { render };
