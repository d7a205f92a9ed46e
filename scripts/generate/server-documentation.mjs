// docs/server-interfaces.md.
import { pageAddress, serverInterfaceGroups, serverInterfaces } from './definitions.mjs';
import { bullets, table } from './documentation.mjs';
import { errcodeText } from './words.mjs';

const shellText = (value) =>
  JSON.stringify(value)
    .replaceAll("'", "'\\''")
    .replaceAll(/"(\$[A-Z_]+)"/g, `"'"$1"'"`);

function curlLine({ path, method, needsToken, fileField, example }) {
  const values = { ...(needsToken ? { access_token: '$TOKEN' } : {}), ...example.query };
  const parameters = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const address = `"$BASE/cgi-bin/${path}${parameters.length ? `?${parameters.join('&')}` : ''}"`;
  if (fileField) return `curl -s -F ${fileField}=@"$FILE" ${address}`;
  if (method === 'GET') return `curl -s ${address}`;
  return example.request === undefined
    ? `curl -s -X POST ${address}`
    : `curl -s -d '${shellText(example.request)}' ${address}`;
}

const serverAnchor = (path) => path.replaceAll('/', '');

function serverSection(definition) {
  const { path, aliases, method, title, pages, query, request, response } = definition;
  const { fileField, appTypes, rules, errcodes, limits, notes, example } = definition;
  const parts = [
    `### ${path}\n\n**${title.zh}** · ${title.en}\n`,
    `\`\`\`sh\n${curlLine(definition)}\n\`\`\`\n`,
    `\`\`\`json\n${JSON.stringify(example.response)}\n\`\`\`\n`,
  ];
  if (aliases.length) parts.push(`Also: ${aliases.map((alias) => `\`${alias}\``).join(', ')}.\n`);
  if (appTypes) parts.push(`For these app types: ${appTypes.join(', ')}; else 710640.\n`);
  if (Object.keys(query.fields).length) {
    parts.push(`Parameters of the address:\n\n${table(query, true)}`);
  }
  if (fileField) parts.push(`A form (multipart/form-data) with the file in \`${fileField}\`.\n`);
  else if (method === 'POST') parts.push(`Request:\n\n${table(request, true)}`);
  if (Object.keys(response.fields).length) {
    parts.push(`Response, beside \`errcode\` and \`errmsg\`:\n\n${table(response, false)}`);
  }
  if (rules.length) parts.push(`Rules:\n\n${bullets(rules.map(({ text }) => text))}`);
  if (limits.length) parts.push(`Limits:\n\n${bullets(limits)}`);
  if (notes.length) parts.push(`${notes.join(' ')}\n`);
  if (errcodes.length) parts.push(`Errors:\n\n${bullets(errcodes.map(errcodeText))}`);
  if (pages.length) {
    parts.push(
      `Official pages: ${pages.map((page) => `[${page}](${pageAddress(page)})`).join(', ')}\n`,
    );
  } else {
    parts.push('The number of its official page is not known here.\n');
  }
  return parts.join('\n');
}

export function serverDocumentation() {
  const groups = Object.entries(serverInterfaceGroups).map(([group, title]) => ({
    title,
    members: serverInterfaces.filter((definition) => definition.group === group),
  }));
  const index = groups.flatMap(({ members }) =>
    members.map(
      ({ path, title: { zh, en } }) => `| [${path}](#${serverAnchor(path)}) | ${zh} | ${en} |`,
    ),
  );
  const sections = groups.map(
    ({ title, members }) =>
      `## ${title.en} (${title.zh})\n\n${members.map(serverSection).join('\n')}`,
  );
  return `<!-- Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file. -->

# The server interfaces of the zone

What an application calls on the platform's server, as the official pages describe it and as the sandbox serves it. An application that
is built for the platform is pointed at the sandbox by its base URL alone: \`sandbox.urls.server\` in place of
\`https://qyapi.weixin.qq.com\`. [sandbox.md](sandbox.md) tells how to start a sandbox. \`wework-spec sandbox\` prints the variables that the
commands below need (\`BASE\`, \`TOKEN\` and so on); they run as they stand here, from top to bottom, with a program that has an ability
\`echo\`. \`JOBID\` is what the answer of async_program_task gave.

Every interface is also tried by a test with curl, by these very lines. The answers are examples.

| interface | 中文 | English |
|---|---|---|
${index.join('\n')}

## What all have in common

POST with a JSON body in UTF-8, unless it says otherwise below; \`access_token\` in the address. The answer is JSON with \`errcode\` and
\`errmsg\`, status 200 also when it failed. A path that is none of these gets status 404, another method 405, a body that is too
large 413.

| errcode | when |
|---|---|
| 41001 | the access_token is missing |
| 40014 | it is none that the platform has given |
| 42001 | it has expired: after 7200 seconds of the sandbox's clock |
| 40058 | the body is not JSON, or breaks what the table says: the sandbox's own choice where no other errcode is named |
| 710640 | the type of the app does not allow it |

Some members of an answer stand in no table of the official pages; then there is a note.

${sections.join('\n')}
## What the application is told

When a program calls \`spec_notify_app\`, the platform posts XML to the application ([99843](${pageAddress(99843)})); the sandbox sends it to its option
\`appCallback\`:

\`\`\`xml
<xml><ToUserName><![CDATA[ww-sandbox]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1760000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[program_notify]]></Event><NotifyId><![CDATA[n-1]]></NotifyId><NotifyScene>7</NotifyScene></xml>
\`\`\`

Without \`NotifyScene\` when the program gave none, or one outside 0 to 255.

The platform encrypts what it sends to applications ([90968](${pageAddress(90968)})). With the secrets of the callback page the sandbox
does, too:

\`\`\`ts
const sandbox = await ZoneSandbox.start({
  appCallback: {
    url: 'http://127.0.0.1:3000/callback',
    token: '…', // of the callback page, as the next one is
    encodingAESKey: '…', // 43 letters and digits
    receiveId: 'ww-sandbox', // the corpid by default; a suiteid, or nothing, for some third-party apps
  },
});
\`\`\`

Then the XML above stands encrypted in \`<xml><ToUserName>…</ToUserName><AgentID>…</AgentID><Encrypt>…</Encrypt></xml>\`, and the address has
\`msg_signature\`, \`timestamp\` and \`nonce\`. On the command line, WEWORK_SPEC_APP_TOKEN and WEWORK_SPEC_APP_AES_KEY go with \`--app-callback\`. Without
secrets the XML is sent as it is.
`;
}
