// Makes the style sheet and the script of all pages from GOV.UK and MOJ Frontend and our own parts, and
// the script of maps with its library.
// usage: node build.mjs [--check]; with --check nothing is written, and what differs is named.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import * as sass from 'sass'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const from = 'Made by crates/server/frontend from GOV.UK Frontend and MOJ Frontend (MIT, see NOTICE).'

const style = sass.compile(here('site.scss'), {
  style: 'compressed',
  loadPaths: [here('.'), here('node_modules')],
  quietDeps: true,
})
// A byte order mark behind our first line would belong to the first selector and void its rule.
// Pages fetch no picture for their look: what the libraries draw with files, we draw with type.
const drawn = style.css.replace(/^\uFEFF/, '').replace(/url\([^)]*\)/g, 'none')
/** A script and everything it imports as one file. */
const bundled = async (entry, target, supported = {}) => {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    target,
    legalComments: 'none',
    supported,
    write: false,
  })
  return outputFiles[0].text
}

// What the library's licence asks of whoever hands it on stands at the head of its two files.
const library = here('node_modules/maplibre-gl')
const { version } = JSON.parse(readFileSync(`${library}/package.json`, 'utf8'))
const licence = readFileSync(`${library}/LICENSE.txt`, 'utf8').replace(/[ \t\r]+$/gm, '').trimEnd()
const map = `/*!\nMade by crates/server/frontend from MapLibre GL JS ${version}.\n\n${licence}\n*/\n`
// What it draws with is written in it over many lines, and need not be in a file of ours.
const flat = { 'template-literal': false }
const worker = 'node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs'
const made = {
  'site.css': `/* ${from} */\n${drawn}\n`,
  'site.js': `/* ${from} */\n${await bundled('site.mjs', 'es2019')}`,
  'layout-map.js': `/* Made by crates/server/frontend. */\n${await bundled('layout-map.mjs', 'es2020')}`,
  'maplibre.js': map + (await bundled('maplibre.mjs', 'es2022', flat)),
  'maplibre-worker.js': map + (await bundled(worker, 'es2022', flat)),
}

let stale = 0
for (const [name, text] of Object.entries(made)) {
  const path = here(`../assets/${name}`)
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text)
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`assets/${name} is not what its source makes: npm run build in crates/server/frontend`)
    stale += 1
  }
}
process.exit(stale === 0 ? 0 : 1)
