"""Archives whose names are formulas, paths, options, markup, far too long, or no time at all."""
# expected: count=0 prepare=0 model=0

# %% hand-in
import zipfile

for name in ("=cmd()|x_20250131T140000", "-rf_20250131T140000", "..._20250131T140000", ".hidden_20250131T140000", "[red]x_20250131T140000",
             "a b_20250131T140000", "é_20250131T140000", "x" * 200 + "_20250131T140000", f"{student}.late_99999999T999999", "peer_"):
    with zipfile.ZipFile(archive / f"{name}.zip", "w") as file:
        file.writestr("00_tiny.ipynb", nbformat.writes(notebook))
(archive / f"{student}_20250131T140000.zip").write_bytes(b"PK\x03\x04 no archive at all")
