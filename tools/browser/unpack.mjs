// Unpacks the Chromium of the npm package beside this file into the folder given as argument.
import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const target = process.argv[2];
const here = dirname(fileURLToPath(import.meta.url));
const packed = join(here, "node_modules", "@sparticuz", "chromium", "bin");

// The package's own file names folders of a cloud service; this one works wherever the tree is.
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

function decompress(name, mode) {
  return pipeline(
    createReadStream(join(packed, `${name}.br`)),
    createBrotliDecompress(),
    createWriteStream(join(target, name), { mode }),
  );
}

mkdirSync(target, { recursive: true });
await decompress("chromium", 0o755);
for (const archive of ["al2023.tar", "fonts.tar", "swiftshader.tar"]) {
  await decompress(archive, 0o644);
  const { status } = spawnSync("tar", ["-xf", archive], { cwd: target, stdio: "inherit" });
  if (status !== 0) process.exit(1);
  rmSync(join(target, archive));
}
writeFileSync(join(target, "fonts.conf"), FONTS);
