/** Loads this package with require, and verifies the request in the file. Prints the milliseconds since the start of Node.js. */
import { readFileSync } from 'node:fs';
import { SpecCallbackSDK } from 'wework-spec-sdk';
import { elapsed } from './elapsed';

const { headers, body } = JSON.parse(readFileSync(process.argv[2] as string, 'utf8'));
if (!new SpecCallbackSDK('POST', headers, body).IsOk()) throw new Error('the request was refused');
console.log(JSON.stringify({ milliseconds: elapsed() }));
