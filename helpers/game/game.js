// Rock, paper, scissors in the browser: the camera, the picture that the model gets, the round, and what is saved.
// A frame goes to this notebook's own kernel, as 784 grey levels, and nowhere else; none is kept here.

export const SIDE = 28; // rows and columns of the picture that the model gets
const FINE = 8; // fine pixels along each of its pixels' sides
const LOOK_MILLISECONDS = 200; // between two looks at the live picture
const COUNT_MILLISECONDS = 700; // from 3 to 2, to 1, to the picture
const PATIENCE_MILLISECONDS = 4000; // until it is said that Python hasn't answered
const IN_A_ROW = 10;
const BETWEEN_SAVED_MILLISECONDS = 300;
const ODD_BRIGHTNESS = 50; // grey levels that the picture's mean may differ from the training images'
const TURN = { drawn: "nobody wins.", won: "you win!", lost: "the computer wins." };

// ------------------------------------------------------------------------------------------------- pictures

/** The largest square in the middle of a picture, or with a zoom above 1 that part of it. */
export function square(width, height, zoom = 1) {
  const side = Math.min(width, height) / zoom;
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/** Grey levels (784) of a fine square picture: the mean over each pixel's part of it. */
export function shrunk(rgba, fine = FINE) {
  const grey = new Uint8Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      let sum = 0;
      for (let down = 0; down < fine; down += 1) {
        for (let across = 0; across < fine; across += 1) {
          const at = 4 * ((row * fine + down) * SIDE * fine + column * fine + across);
          sum += 0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2];
        }
      }
      grey[row * SIDE + column] = Math.round(sum / (fine * fine));
    }
  }
  return grey;
}

/** Brighter (light above 0) or darker, by powers of two; turned left to right for a left hand. */
export function adjusted(grey, light, left) {
  return grey.map((_, at) => {
    const column = at % SIDE;
    const from = left ? at - column + (SIDE - 1 - column) : at;
    return Math.min(Math.round(grey[from] * 2 ** light), 255);
  });
}

function draw(canvas, grey) {
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(SIDE, SIDE);
  grey.forEach((level, at) => picture.data.set([level, level, level, 255], 4 * at));
  pen.putImageData(picture, 0, 0);
}

const mean = (grey) => grey.reduce((sum, level) => sum + level, 0) / grey.length;

// ----------------------------------------------------------------------------------------------- the camera

/** Why there can be no camera on this page; nothing if there can. */
export function noCameraHere(page = window) {
  if (page.navigator.mediaDevices?.getUserMedia) return "";
  if (!page.isSecureContext) {
    return `Browsers give the camera only to pages on localhost or with https. This one comes from ${page.location.origin}: open JupyterLab on your own computer to play by camera.`;
  }
  return "This browser offers no camera to pages.";
}

/** What kept the browser from giving the camera, and what to do. */
export function whyNot(error) {
  return {
    NotAllowedError: "The camera wasn’t allowed. To allow it, press the camera or lock sign beside the page’s address, then try again.",
    NotFoundError: "No camera was found. Plug one in, then try again.",
    NotReadableError: "The camera is in use by another program. Close that one, then try again.",
    AbortError: "The camera is in use by another program. Close that one, then try again.",
  }[error.name] ?? `The camera can’t be used (${error.name}).`;
}

/** A camera that is on or off, and its picture. */
class Camera {
  constructor(video, onEnd) {
    this.video = video;
    this.onEnd = onEnd;
    this.canvas = make("canvas", { width: SIDE * FINE, height: SIDE * FINE });
    this.wish = 0; // counts wishes for the camera, so that one that was withdrawn meanwhile isn't granted
  }

  get on() {
    return Boolean(this.stream);
  }

  async start() {
    const wish = (this.wish += 1);
    const ideal = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" };
    const stream = await navigator.mediaDevices.getUserMedia({ video: ideal, audio: false });
    if (wish !== this.wish) return release(stream);
    this.stream = stream;
    stream.getVideoTracks()[0].addEventListener("ended", () => this.onEnd());
    this.video.srcObject = stream;
    await this.video.play().catch(() => {}); // withdrawn meanwhile
  }

  stop() {
    this.wish += 1;
    if (this.stream) release(this.stream);
    this.stream = undefined;
    this.video.srcObject = null;
  }

  /** The present picture as grey levels, not mirrored; nothing before the first one. */
  frame(zoom) {
    const { videoWidth, videoHeight } = this.video;
    if (!this.on || !videoWidth) return undefined;
    const { x, y, side } = square(videoWidth, videoHeight, zoom);
    const pen = this.canvas.getContext("2d", { willReadFrequently: true });
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.video, x, y, side, side, 0, 0, SIDE * FINE, SIDE * FINE);
    return shrunk(pen.getImageData(0, 0, SIDE * FINE, SIDE * FINE).data);
  }
}

function release(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

// --------------------------------------------------------------------------------------------------- Python

/** Asks Python and waits for the answer to that question. */
class Python {
  constructor(model, onSilence) {
    this.model = model;
    this.onSilence = onSilence;
    this.waiting = new Map();
    this.receive = (content, buffers) => {
      const settle = this.waiting.get(content?.name);
      if (!settle) return; // another view's
      this.waiting.delete(content.name);
      settle({ ...content, pictures: (buffers ?? []).map((one) => new Uint8Array(one.buffer ?? one, one.byteOffset ?? 0, one.byteLength)) });
    };
    model.on("msg:custom", this.receive);
  }

  ask(kind, given = {}, frame = undefined) {
    const name = crypto.getRandomValues(new Uint32Array(3)).join("-");
    const silence = setTimeout(() => this.onSilence(true), PATIENCE_MILLISECONDS);
    const answer = new Promise((settle) => this.waiting.set(name, settle));
    this.model.send({ kind, name, ...given }, undefined, frame ? [frame.buffer] : []);
    return answer.finally(() => { clearTimeout(silence); this.onSilence(false); });
  }

  dispose() {
    this.model.off("msg:custom", this.receive);
    this.waiting.clear();
  }
}

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

const picture = (label) => make("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": label });
const button = (words, action, look = "") => make("button", { type: "button", class: look, click: action }, words);
const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const capital = (word) => word[0].toUpperCase() + word.slice(1);

class Game {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.signs = model.get("signs");
    this.mode = "none"; // or "camera", "pictures"
    this.python = new Python(model, (silent) => { this.silence.hidden = !silent; });
    this.build();
    this.camera = new Camera(this.video, () => this.leaveCamera("The camera has gone."));
    this.onStanding = () => this.showStanding();
    model.on("change:standing", this.onStanding);
    this.watchSight();
    this.watchKeys();
    this.showMode();
    this.showStanding();
    this.greet();
  }

  dispose() {
    this.gone = true;
    this.camera.stop();
    this.sight.disconnect();
    document.removeEventListener("visibilitychange", this.onHidden);
    window.removeEventListener("pagehide", this.onHidden);
    this.model.off("change:standing", this.onStanding);
    this.python.dispose();
  }

  /** Pictures of the signs, so that everybody knows what to show. */
  async greet() {
    const { brightness, pictures, problem } = await this.python.ask("hello");
    if (problem) return this.complain(problem);
    this.brightness = brightness;
    this.examples = pictures;
    this.bars.forEach((bar, sign) => draw(bar.example, pictures[sign]));
  }

  // ------------------------------------------------------------------------------------------- the camera

  async toCamera() {
    if (this.mode === "camera") return this.leaveCamera("The camera is off.");
    if (this.asking) return undefined;
    const never = noCameraHere();
    if (never) return this.withoutCamera(never);
    this.say("Waiting for the browser’s permission …");
    this.asking = true; // not disabled: a button that is would lose the keyboard
    try {
      await this.camera.start();
    } catch (error) {
      return this.withoutCamera(whyNot(error));
    } finally {
      this.asking = false;
    }
    if (!this.camera.on) return undefined; // withdrawn meanwhile
    this.mode = "camera";
    this.showMode();
    this.say("The camera is on. Show a sign, or play a round.");
    this.watch();
  }

  withoutCamera(reason) {
    this.toPictures();
    this.say(`${reason} Until then, play with test images.`);
  }

  /** Lets go of the camera. */
  leaveCamera(reason) {
    if (this.mode !== "camera") return this.camera.stop();
    this.camera.stop();
    this.mode = "none";
    this.showMode();
    this.say(reason);
  }

  toPictures() {
    this.camera.stop();
    this.mode = "pictures";
    this.showMode();
    this.say("Choose a sign: a test image that your model has never seen is played.");
  }

  /** A camera that nobody sees at work is let go: page in the background, cell out of sight. */
  watchSight() {
    this.onHidden = (event) => {
      if (document.hidden || event.type === "pagehide") this.leaveCamera("The camera is off, since the page was in the background.");
    };
    document.addEventListener("visibilitychange", this.onHidden);
    window.addEventListener("pagehide", this.onHidden);
    this.sight = new IntersectionObserver((entries) => {
      if (!entries.at(-1).isIntersecting) this.leaveCamera("The camera is off, since the game was out of sight.");
    });
    this.sight.observe(this.root);
  }

  /** The live picture as the model gets it; nothing before the first. */
  frame() {
    const grey = this.camera.frame(Number(this.zoom.value));
    return grey && adjusted(grey, Number(this.light.value), this.left.checked);
  }

  /** Shows the live picture as the model gets it, and what the model makes of it, while the camera is on. */
  async watch() {
    while (this.mode === "camera" && !this.gone) {
      const frame = this.frame();
      if (frame) {
        draw(this.seen, frame);
        this.hintBrightness(mean(frame));
        if (!this.busy) {
          const { probabilities, problem } = await this.python.ask("look", {}, frame);
          if (this.mode !== "camera" || this.gone) return;
          if (problem) this.complain(problem);
          else if (!this.busy) this.showProbabilities(probabilities);
        }
      }
      await pause(LOOK_MILLISECONDS);
    }
  }

  hintBrightness(level) {
    const difference = level - (this.brightness ?? level);
    this.lightHint.textContent = Math.abs(difference) < ODD_BRIGHTNESS ? ""
      : `${difference < 0 ? "Darker" : "Brighter"} than what the model learned from: move “brightness”.`;
  }

  // -------------------------------------------------------------------------------------------- the round

  /** One round: the computer chooses first; then `show` says what the player shows. */
  async round(show) {
    if (this.busy) return;
    this.setBusy(true);
    this.complain("");
    try {
      const begun = await this.python.ask("begin");
      if (begun.problem) return this.complain(begun.problem);
      const result = await show();
      if (!result || this.gone) return;
      if (result.problem) return this.complain(result.problem);
      this.showResult(result);
    } finally {
      this.count.textContent = "";
      this.setBusy(false);
    }
  }

  playCamera() {
    return this.round(async () => {
      this.say("The computer has chosen. Three, two, one …");
      for (const number of [3, 2, 1]) {
        this.count.textContent = number;
        await pause(COUNT_MILLISECONDS);
        if (this.mode !== "camera" || this.gone) return undefined;
      }
      const frame = this.frame();
      if (!frame) return { problem: "The camera has given no picture yet. Play again." };
      draw(this.seen, frame);
      return { ...(await this.python.ask("show", {}, frame)), frame };
    });
  }

  playPicture(sign) {
    return this.round(async () => {
      const answer = await this.python.ask("draw", { sign });
      return { ...answer, frame: answer.pictures[0] };
    });
  }

  // ---------------------------------------------------------------------------------------------- saving

  /** Saves the live picture, once or some in a row. */
  async saveLive(sign) {
    const wanted = this.inARow.checked ? IN_A_ROW : 1;
    let done = 0;
    this.setBusy(true);
    while (done < wanted && this.mode === "camera" && !this.gone) {
      const frame = this.frame();
      if (!frame || !(await this.save(frame, sign))) break;
      draw(this.seen, frame);
      done += 1;
      if (done < wanted) await pause(BETWEEN_SAVED_MILLISECONDS);
    }
    this.setBusy(false);
    if (done) this.say(`${done} saved as ${this.signs[sign]}.`);
  }

  /** Saves the picture of the last round, which the player names. */
  async saveRound(sign) {
    if (!this.last || !(await this.save(this.last, sign))) return;
    this.last = undefined;
    this.naming.hidden = true;
    this.say(`Saved as ${this.signs[sign]}.`);
  }

  async save(frame, sign) {
    const { problem } = await this.python.ask("save", { sign }, frame.slice());
    this.complain(problem ?? "");
    return !problem;
  }

  async undo() {
    const { undone, problem } = await this.python.ask("undo");
    this.complain(problem ?? "");
    if (!problem) this.say(undone ? `The last one is deleted; it was saved as ${undone}.` : "None is saved.");
  }

  askWhetherToDelete(sure) {
    this.deleteButton.hidden = sure;
    this.sure.hidden = !sure;
    (sure ? this.sure.querySelector("button") : this.deleteButton).focus();
  }

  async deleteAll() {
    const { deleted, problem } = await this.python.ask("delete");
    this.askWhetherToDelete(false);
    this.complain(problem ?? "");
    if (!problem) this.say(`${deleted} deleted.`);
  }

  // ------------------------------------------------------------------------------------------------- build

  build() {
    this.cameraButton = button("", () => this.toCamera());
    this.picturesButton = button("Play with test images", () => this.toPictures());
    this.status = make("p", { class: "status", role: "status" });
    this.silence = make("p", { class: "problem", hidden: "" }, "Python hasn’t answered yet: another cell is running, or the kernel has stopped.");
    this.problem = make("p", { class: "problem", role: "alert" });
    this.root.classList.add("rock-paper-scissors");
    this.root.append(
      make("div", { class: "buttons" }, this.cameraButton, this.picturesButton, this.status),
      this.silence, this.problem,
      make("div", { class: "panels" }, this.makeStage(), this.makeSeen(), this.makeBars()),
      this.makeRound(), this.makeSaving(),
    );
  }

  makeStage() {
    this.video = make("video", { playsinline: "", "aria-label": "The camera, as in a mirror" });
    this.video.muted = true;
    this.count = make("span", { class: "count", "aria-hidden": "true" });
    this.large = picture("The test image that was played");
    this.welcome = make("p", { class: "welcome" },
      "Show rock, paper or scissors; your model reads the sign, and the computer plays against you. ", this.privacy());
    this.stage = make("div", { class: "stage" }, this.video, this.large, this.welcome, this.count);
    this.stageCaption = make("figcaption");
    return make("figure", {}, this.stageCaption, this.stage);
  }

  /** Where the frames go, which depends on where the kernel is. */
  privacy() {
    const host = window.location.hostname;
    const here = ["localhost", "127.0.0.1", "[::1]"].includes(host);
    return here
      ? "The camera’s pictures stay on this computer: they go to your own kernel and nowhere else."
      : `The camera’s pictures go to your own kernel, on ${host}, and nowhere else.`;
  }

  makeSeen() {
    this.seen = picture("The picture as the model gets it");
    this.zoom = make("input", { type: "range", min: "1", max: "3", step: "0.1", value: "1", input: () => this.showZoom() });
    this.light = make("input", { type: "range", min: "-1.5", max: "1.5", step: "0.1", value: "0" });
    this.left = make("input", { type: "checkbox" });
    this.lightHint = make("p", { class: "hint" });
    this.settings = make("div", { class: "settings" },
      make("label", {}, "zoom", this.zoom), make("label", {}, "brightness", this.light),
      make("label", { title: "The model learned from right hands: a left one is turned left to right." }, this.left, "left hand"),
      this.lightHint,
    );
    return make("figure", { class: "seen" }, make("figcaption", {}, `what the model gets: ${SIDE} × ${SIDE}, grey`), this.seen, this.settings);
  }

  makeBars() {
    this.bars = this.signs.map((name) => {
      const [example, fill, share] = [picture(`An example of ${name}`), make("span", { class: "fill" }), make("span", { class: "share" }, "–")];
      const row = make("li", { class: name }, example, make("span", { class: "name" }, name), make("span", { class: "track" }, fill), share);
      return { row, example, fill, share };
    });
    this.reading = make("p", { class: "reading" });
    return make("figure", { class: "bars" },
      make("figcaption", {}, "what the model makes of it"),
      make("ul", { "aria-label": "The model’s probabilities" }, ...this.bars.map((bar) => bar.row)), this.reading,
      make("p", { class: "help" }, "It knows these three alone: it takes your face or an empty wall for one of them, too."));
  }

  makeRound() {
    this.playButton = button("Play a round", () => this.playCamera(), "play");
    const any = button("Any", () => this.playPicture(null));
    this.pictureButtons = make("div", { class: "buttons", role: "group", "aria-label": "Play a test image of" },
      make("span", {}, "Play a test image of"), ...this.signButtons((sign) => this.playPicture(sign)), any);
    this.yours = picture("Your sign, as the model got it");
    this.theirs = picture("The computer’s choice");
    this.verdict = make("p", { class: "verdict", role: "status" });
    this.told = make("p", { class: "told" });
    this.naming = make("div", { class: "buttons naming", role: "group", "aria-label": "Save this picture as" },
      make("span", {}, "What was it? Save this picture as"), ...this.signButtons((sign) => this.saveRound(sign)));
    this.naming.hidden = true;
    this.result = make("div", { class: "result", hidden: "" },
      make("figure", {}, make("figcaption", {}, "you"), this.yours), make("figure", {}, make("figcaption", {}, "computer"), this.theirs),
      make("div", {}, this.verdict, this.told, this.naming));
    this.score = make("p", { class: "score" });
    const fair = make("p", { class: "help" },
      "Fair play: the computer chooses at the beginning of a round, by chance, before it looks at your sign.");
    return make("section", { class: "round", "aria-label": "The game" },
      make("div", { class: "buttons" }, this.playButton, this.pictureButtons, this.score), this.result, fair);
  }

  makeSaving() {
    this.inARow = make("input", { type: "checkbox" });
    this.saveButtons = this.signButtons((sign) => this.saveLive(sign));
    this.undoButton = button("Undo the last", () => this.undo());
    this.deleteButton = button("Delete all", () => this.askWhetherToDelete(true));
    this.sure = make("span", { class: "sure", hidden: "" }, "Delete all for good? ",
      button("Yes, delete", () => this.deleteAll()), " ", button("No", () => this.askWhetherToDelete(false)));
    this.live = make("div", { class: "buttons", role: "group", "aria-label": "Save the live picture as" },
      make("span", {}, "Save what the model gets now as"), ...this.saveButtons, make("label", {}, this.inARow, `${IN_A_ROW} in a row`));
    this.saved = make("span", { class: "saved" });
    return make("section", { class: "saving", "aria-label": "Your own data" }, this.live,
      make("div", { class: "buttons" }, this.saved, this.undoButton, this.deleteButton, this.sure),
      make("p", { class: "help" }, "Saved pictures lie in data/my_signs and are never handed in. Load them with game.my_signs()."));
  }

  signButtons(action) {
    return this.signs.map((name, sign) => button(capital(name), () => action(sign), name));
  }

  /** JupyterLab would take most keys for its own; it shall have them only with Ctrl, Shift, Alt or ⌘. */
  watchKeys() {
    const focusable = this.root.querySelectorAll("button, input");
    const keep = (event) => {
      const ours = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
      focusable.forEach((element) => element.toggleAttribute("data-lm-suppress-shortcuts", ours));
    };
    keep({});
    this.root.addEventListener("focusin", () => keep({}));
    this.root.addEventListener("keydown", keep, true);
    this.root.addEventListener("keyup", keep, true);
  }

  // -------------------------------------------------------------------------------------------------- show

  say(words) {
    this.status.textContent = words;
  }

  complain(words) {
    this.problem.textContent = words;
  }

  setBusy(busy) {
    this.busy = busy;
    this.root.toggleAttribute("data-busy", busy); // nor are these disabled
  }

  showMode() {
    const [camera, pictures] = [this.mode === "camera", this.mode === "pictures"];
    this.cameraButton.textContent = camera ? "Turn the camera off" : "Use the camera";
    this.picturesButton.setAttribute("aria-pressed", String(pictures));
    this.video.hidden = !camera;
    this.large.hidden = !pictures || !this.played;
    this.welcome.hidden = camera || !this.large.hidden;
    this.stageCaption.textContent = camera ? "camera, as in a mirror" : pictures ? "test image" : "the player";
    this.settings.hidden = !camera;
    this.playButton.hidden = !camera;
    this.pictureButtons.hidden = !pictures;
    this.live.hidden = !camera;
    if (!camera) this.naming.hidden = true;
    this.lightHint.textContent = "";
    this.showZoom();
  }

  showZoom() {
    this.video.style.transform = `scale(${-this.zoom.value}, ${this.zoom.value})`;
  }

  showProbabilities(probabilities) {
    const best = probabilities.indexOf(Math.max(...probabilities));
    this.bars.forEach(({ row, fill, share }, sign) => {
      fill.style.width = percent(probabilities[sign]).replace(" ", "");
      share.textContent = percent(probabilities[sign]);
      row.classList.toggle("best", sign === best);
    });
    this.reading.replaceChildren("It reads ", make("b", {}, this.signs[best]), ".");
  }

  showResult({ probabilities, read, computer, outcome, shown, frame }) {
    const known = shown !== null;
    this.last = known ? undefined : frame;
    this.played = this.played || known;
    draw(this.seen, frame);
    draw(this.yours, frame);
    draw(this.large, frame);
    if (this.examples) draw(this.theirs, this.examples[computer]);
    this.showProbabilities(probabilities);
    this.showMode();
    const misread = known && shown !== read;
    this.verdict.textContent = `${capital(this.signs[read])} against ${this.signs[computer]}: ${TURN[outcome]}`;
    this.told.textContent = !known ? `The model read ${this.signs[read]} (${percent(probabilities[read])}).`
      : misread ? `✗ Misread: the image shows ${this.signs[shown]}, the model read ${this.signs[read]}; the round goes by what it read.`
        : `✓ Read right: the image shows ${this.signs[shown]} (${percent(probabilities[read])}).`;
    this.result.className = `result ${outcome}`;
    this.result.hidden = false;
    this.naming.hidden = known;
    this.say("");
  }

  showStanding() {
    const { won, lost, drawn, readable, readRight, saved } = this.model.get("standing");
    const part = (name, number) => make("span", {}, `${name} `, make("b", {}, String(number)));
    this.score.replaceChildren(part("you", won), part("computer", lost), part("drawn", drawn),
      ...(readable ? [make("span", {}, "read right ", make("b", {}, `${readRight} of ${readable}`))] : []));
    const all = saved.reduce((sum, count) => sum + count, 0);
    this.saved.textContent = all ? `Saved: ${this.signs.map((name, sign) => `${saved[sign]} ${name}`).join(", ")}.` : "Nothing saved yet.";
    this.undoButton.hidden = !all;
    if (!this.sure.hidden || !all) this.sure.hidden = true;
    this.deleteButton.hidden = !all;
  }
}

function render({ model, el }) {
  const root = make("div");
  el.append(root);
  const game = new Game(model, root);
  return () => game.dispose();
}

export default { render };
