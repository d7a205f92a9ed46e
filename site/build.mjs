// Builds the documentation site into out/site: copies docs/, makes the API reference from the TSDoc of the entries, checks that
// the sidebar has every page, and lets VitePress build, which fails for a dead link.
//   npm run build              the whole site
//   npm run build -- --pages   only site/pages, for `npm run dev`
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Application } from 'typedoc';
import { build } from 'vitepress';

const site = import.meta.dirname;
const root = join(site, '..');
const pages = join(site, 'pages');
const { guide, reference } = JSON.parse(readFileSync(join(site, 'pages.json'), 'utf8'));

rmSync(pages, { recursive: true, force: true });
mkdirSync(pages, { recursive: true });
copyPages();
await makeApi();
checkSidebar();
if (!process.argv.includes('--pages')) await build(site);

/**
 * Copies docs/ without the reports of the public API. Links that leave docs/ become plain text, because the site has no page for them.
 * The names of blocks, which are comments, are for tests.
 */
function copyPages() {
  const docs = join(root, 'docs');
  cpSync(docs, pages, { recursive: true, filter: (path) => path !== join(docs, 'api') });
  cpSync(join(site, 'home'), pages, { recursive: true });
  for (const file of markdownFiles()) {
    const text = readFileSync(file, 'utf8');
    const depth = relative(pages, file).split('/').length - 1;
    const leavesDocs = new RegExp(`\\[([^\\]]*)\\]\\((?:\\.\\./){${depth + 1}}[^)]*\\)`, 'g');
    writeFileSync(file, text.replaceAll(leavesDocs, '$1').replaceAll(/^<!-- .* -->\n/gm, ''));
  }
}

function markdownFiles() {
  return readdirSync(pages, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function makeApi() {
  const entries = [
    'index',
    'sandbox/index',
    'sandbox/testing/index',
    'program/fastify',
    'program/bullmq',
  ];
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entries.map((entry) => join(root, 'dist', `${entry}.d.ts`)),
    tsconfig: join(site, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
    out: join(pages, 'api'),
    docsRoot: pages,
    readme: 'none',
    name: 'API',
    disableSources: true,
    excludePrivate: true,
    // A link in TSDoc that leads nowhere fails the build.
    validation: { invalidLink: true, notExported: false },
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the declarations.');
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('See the messages of TypeDoc.');
}

/** A page that the sidebar does not have cannot be found by readers. */
function checkSidebar() {
  const listed = new Set([...guide, ...reference].flatMap(({ paths }) => paths));
  const missing = markdownFiles()
    .map((file) => relative(pages, file).replace(/\.md$/, '').replace(/^zh\//, ''))
    .filter((path) => !path.startsWith('api/') && path !== 'index' && !listed.has(path));
  if (missing.length > 0)
    throw new Error(`Add to site/pages.ts: ${[...new Set(missing)].join(', ')}`);
}
