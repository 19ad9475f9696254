// Procedures as the shell draws them in BPMN 2.0, opened in a viewer that other people wrote.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const packs = resolve(process.env.YIYANG_PACKS ?? join(here, '../../packs'));
const viewer = join(dirname(createRequire(import.meta.url).resolve('bpmn-js/package.json')), 'dist');

/** Every procedure of every pack: `{ pack, procedure }`. */
export function procedures() {
  const files = readdirSync(packs, { recursive: true, encoding: 'utf8' }).sort();
  const found = files
    .map((file) => ({ file, parts: /^([^/]+)\/procedures\/[^/]+\.yaml$/.exec(file) }))
    .filter(({ parts }) => parts)
    .map(({ file, parts: [, pack] }) => {
      const [, procedure] = /^procedure: (\S+)$/m.exec(readFileSync(join(packs, file), 'utf8'));
      return { pack, procedure };
    });
  if (found.length === 0) throw new Error(`no procedures in ${packs}`);
  return found;
}

/** What the shell writes for each procedure of a pack: its text by its name. */
function drawnOf(pack, language) {
  const folder = mkdtempSync(join(tmpdir(), 'yiyang-drawings-'));
  try {
    const words = ['pack', 'drawings', join(packs, pack), '--out', folder, '--language', language];
    execFileSync(resolve(process.env.YIYANG_BIN), words);
    const named = (file) => [basename(file, '.bpmn'), readFileSync(join(folder, file), 'utf8')];
    return new Map(readdirSync(folder).map(named));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const kept = new Map();

/** What the shell writes for a procedure. A pack is drawn once for all that ask. */
export function drawn({ pack, procedure }, language) {
  const key = `${pack} ${language}`;
  if (!kept.has(key)) kept.set(key, drawnOf(pack, language));
  return kept.get(key).get(procedure);
}

/** A page of that size with an empty viewer; `faults` fills with what its scripts complain of. */
export async function openViewer(browser, size) {
  const page = await browser.newPage({ viewport: size });
  const faults = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  page.on('console', (said) => said.type() === 'error' && faults.push(said.text()));
  await page.setContent('<body style="margin: 0"><div id="sheet" style="height: 100vh"></div>');
  await page.addStyleTag({ path: join(viewer, 'assets/diagram-js.css') });
  await page.addScriptTag({ path: join(viewer, 'bpmn-navigated-viewer.production.min.js') });
  return { page, faults };
}

/**
 * Opens a drawing and fits it into the window. Says what the viewer warned of, how many elements
 * it shows, how large the drawing is, and which names do not fit their task.
 */
export function shown(page, xml) {
  return page.evaluate(async (xml) => {
    window.open_viewer?.destroy();
    const viewer = (window.open_viewer = new window.BpmnJS({ container: '#sheet' }));
    const { warnings } = await viewer.importXML(xml);
    const canvas = viewer.get('canvas');
    const { inner } = canvas.viewbox();
    const elements = viewer.get('elementRegistry').filter((element) => element.parent);
    const torn = elements.filter((element) => {
      if (!/Task$/.test(element.type)) return false;
      const text = canvas.getGraphics(element).querySelector('text').getBBox();
      return text.height > element.height || text.width > element.width;
    });
    canvas.zoom('fit-viewport', 'auto');
    return {
      warnings: warnings.map((warning) => warning.message),
      elements: elements.filter((element) => element.type !== 'label').length,
      width: inner.width,
      height: inner.height,
      torn: torn.map((element) => element.id),
    };
  }, xml);
}
