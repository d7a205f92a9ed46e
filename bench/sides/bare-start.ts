/** A start of Node.js without this package: prints the milliseconds from the start of Node.js until this line runs. */
import { elapsed } from './elapsed';

console.log(JSON.stringify({ milliseconds: elapsed() }));
