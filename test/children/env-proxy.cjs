// What NODE_USE_ENV_PROXY does from Node.js 24 on, for older versions: fetch() and the global agents use the proxy of HTTP_PROXY.
const http = require('node:http');
const { connect } = require('node:net');
const { ProxyAgent, setGlobalDispatcher } = require('undici');

const proxy = new URL(process.env.HTTP_PROXY);
setGlobalDispatcher(new ProxyAgent(proxy.href));
http.globalAgent.createConnection = () => connect(Number(proxy.port), proxy.hostname);
