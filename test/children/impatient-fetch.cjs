// The five minutes that fetch() waits for headers and body, shortened.
const { Agent, setGlobalDispatcher } = require('undici');

setGlobalDispatcher(new Agent({ headersTimeout: 100, bodyTimeout: 100 }));
