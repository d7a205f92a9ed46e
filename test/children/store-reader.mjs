// Opens a program's folder and reads from its database; prints what came of it.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { Connection, loadAddon } = require('../../dist/program/store/sqlite.js');
const { storeFiles } = require('../../dist/program/store/store-files.js');

loadAddon(storeFiles().addon);

const [folder] = process.argv.slice(2);
try {
  const database = new Connection(join(folder, 'store.db'), 1000);
  const count = () => database.prepare('SELECT count(*) AS n FROM events').get([]).n;
  console.log(`${count()} ${count()}`);
} catch (error) {
  console.log(`failed: ${error.message}`);
}
