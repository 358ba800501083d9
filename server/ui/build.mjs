// Bundles every src/*.js into OUT under names with a hash of the content, writes a manifest that maps names to files, and
// collects the licences of all bundled packages. Run by build_hook.py.
import * as esbuild from "esbuild";
import {copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {basename, join, resolve} from "node:path";

const out = resolve(process.argv[2]);
rmSync(out, {recursive: true, force: true});
mkdirSync(out, {recursive: true});
const entries = readdirSync("src").filter((name) => name.endsWith(".js")).sort();
const {metafile} = await esbuild.build({
  entryPoints: entries.map((name) => join("src", name)),
  bundle: true, minify: true, splitting: true, format: "esm", charset: "utf8",
  target: ["es2022", "chrome110", "firefox115", "safari16.4"],
  entryNames: "[name]-[hash]", chunkNames: "chunk-[hash]", outdir: out,
  metafile: true, legalComments: "none", logLevel: "warning",
});

const manifest = {}, packages = new Set();
for (const [file, output] of Object.entries(metafile.outputs)) {
  if (output.entryPoint) manifest[basename(output.entryPoint)] = basename(file);
  for (const input of Object.keys(output.inputs)) {
    const found = input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (found) packages.add(found[0]);
  }
}
// The fonts in which the server writes on charts that it sends as PNG.
const fonts = join("node_modules", "dejavu-fonts-ttf");
for (const name of ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"]) copyFileSync(join(fonts, "ttf", name), join(out, name));
packages.add(fonts);
const licences = [...packages].sort().map((folder) => {
  const {name, version, license} = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  if (!texts.length) throw new Error(`${name} ${version} has no licence text`);
  return [`${name} ${version} (${license})`, ...texts.map((file) => readFileSync(join(folder, file), "utf8").trim())].join("\n\n");
});
writeFileSync(join(out, "THIRD_PARTY_LICENSES.txt"), licences.join(`\n\n${"-".repeat(72)}\n\n`) + "\n");
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
