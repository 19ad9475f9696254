// Makes the style sheet and the script of all pages from GOV.UK and MOJ Frontend and our own parts.
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
const script = await build({
  entryPoints: [here('site.mjs')],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2019',
  legalComments: 'none',
  write: false,
})
const made = {
  'site.css': `/* ${from} */\n${drawn}\n`,
  'site.js': `/* ${from} */\n${script.outputFiles[0].text}`,
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
