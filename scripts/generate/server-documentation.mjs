// Generates docs/server-interfaces.md and docs/zh/server-interfaces.md.
import { MALFORMED_REQUEST, serverInterfaceGroups, serverInterfaces } from './definitions.mjs';
import { bullets, GENERATED, limitsAndNotes, pageLink, table } from './documentation.mjs';
import { chinese, english } from './languages.mjs';
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

const XML =
  '<xml><ToUserName><![CDATA[ww-sandbox]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1760000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[program_notify]]></Event><NotifyId><![CDATA[n-1]]></NotifyId><NotifyScene>7</NotifyScene></xml>';

/** The texts of the page that are not in the definitions. */
const pages = new Map([
  [
    english,
    {
      alternatives: (aliases) => `Alternative path: ${aliases.join(', ')}.`,
      appTypes: (types) =>
        `Only for applications of these types: ${types.join(', ')}; otherwise 710640.`,
      query: 'Query parameters:',
      upload: (field) => `Request: multipart/form-data with the file in the field ${field}.`,
      errcodes: 'Errcodes:',
      unknownPage: 'The number of its official page is unknown.',
      page: (index, sections) => `# The server interfaces of the zone

The interfaces that an application calls over HTTP, as the official pages document them and as the sandbox implements them. To use an
application with the sandbox, change only its base URL: \`sandbox.urls.server\` instead of \`https://qyapi.weixin.qq.com\`.
[The guide](guide/sandbox.md) shows how to start a sandbox. \`wework-spec sandbox\` prints the shell variables of the commands below (\`BASE\`,
\`TOKEN\` and so on). The commands run unchanged from top to bottom, with a program that has an ability \`echo\`; set \`JOBID\` from the
response of async_program_task. A test runs every command. The responses are examples.

${index}

## Common rules

Requests use POST with a JSON body in UTF-8 unless stated otherwise, and \`access_token\` in the query string. Responses are JSON with
\`errcode\` and \`errmsg\`, and have HTTP status 200 also for an errcode other than 0. The sandbox responds with status 404 to an
unknown path, 405 to another method, and 413 to a body that is too large.

| errcode | when |
|---|---|
| 41001 | the access_token is missing |
| 40014 | the platform has not issued the access_token |
| 42001 | the access_token has expired: after 7200 seconds of the sandbox's clock |
| ${MALFORMED_REQUEST} | the body is not JSON, or violates the table and no other errcode is named. The official pages name no errcode for this: 40058 is the sandbox's own choice |
| 710640 | the interface is not available for this type of application |

A note marks fields of a response that are in no table of the official pages.

${sections}
## Notifications of the application

When a program calls \`spec_notify_app\`, the platform sends XML to the application with POST (${pageLink(99843)}). The sandbox sends
it to the URL in its option \`appCallback\`:

\`\`\`xml
${XML}
\`\`\`

\`NotifyScene\` is missing if the program passed none, or one outside 0 to 255.

The platform encrypts these requests (${pageLink(90968)}). The sandbox encrypts them as well if it has the secrets of the
callback settings:

\`\`\`ts
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const sandbox = await ZoneSandbox.start({
  appCallback: {
    url: 'http://127.0.0.1:3000/callback',
    token: '…', // from the callback settings, like the next one
    encodingAESKey: '…', // 43 letters and digits
    receiveId: 'ww-sandbox', // default: the corpid; a suiteid or an empty string for some third-party applications
  },
});
\`\`\`

The body is then \`<xml><ToUserName>…</ToUserName><AgentID>…</AgentID><Encrypt>…</Encrypt></xml>\` with the XML above encrypted in \`Encrypt\`,
and the query string has \`msg_signature\`, \`timestamp\` and \`nonce\`. On the command line, set WEWORK_SPEC_APP_TOKEN and
WEWORK_SPEC_APP_AES_KEY for \`--app-callback\`. Without secrets the XML is sent unencrypted.
`,
    },
  ],
  [
    chinese,
    {
      alternatives: (aliases) => `也可以使用路径 ${aliases.join('、')}。`,
      appTypes: (types) => `仅限以下类型的应用：${types.join('、')}；否则 710640。`,
      query: '查询参数：',
      upload: (field) => `请求：multipart/form-data，文件放在字段 ${field} 中。`,
      errcodes: '错误码：',
      unknownPage: '官方文档的页面编号未知。',
      page: (index, sections) => `# 服务端接口一览

应用通过 HTTP 调用的接口，内容依据官方文档，沙箱按此实现。让应用使用沙箱，只需更换基础地址：用 \`sandbox.urls.server\` 代替 \`https://qyapi.weixin.qq.com\`。如何启动沙箱见[沙箱](guide/sandbox.md)。下面命令中的 shell 变量（\`BASE\`、\`TOKEN\` 等）由 \`wework-spec sandbox\` 打印。程序有能力 \`echo\` 时，这些命令可以从上到下原样执行；\`JOBID\` 取自 async_program_task 的响应。每条命令都由测试执行过，响应是示例。

${index}

## 通用规则

除非另有说明，请求使用 POST，请求体是 UTF-8 的 JSON，\`access_token\` 放在查询字符串中。响应是 JSON，含 \`errcode\` 和 \`errmsg\`；errcode 不是 0 时，HTTP 状态码也是 200。路径未知时沙箱返回 404，方法不对返回 405，请求体过大返回 413。

| errcode | 何时 |
|---|---|
| 41001 | 缺少 access_token |
| 40014 | access_token 不是企业微信后台签发的 |
| 42001 | access_token 已过期：沙箱时钟的 7200 秒之后 |
| ${MALFORMED_REQUEST} | 请求体不是 JSON，或不符合表格且没有规定其他错误码。官方文档没有为此规定错误码：40058 是沙箱自行选择的 |
| 710640 | 此类型的应用不能使用该接口 |

响应字段如果不在官方文档的任何表格中，说明里会注明。

${sections}
## 应用收到的通知

程序调用 \`spec_notify_app\` 后，企业微信后台以 POST 向应用发送 XML（${pageLink(99843)}）。沙箱把它发往选项 \`appCallback\` 中的 URL：

\`\`\`xml
${XML}
\`\`\`

程序没有传 \`NotifyScene\`，或传的值不在 0 至 255 之内时，XML 中没有这一项。

企业微信后台会加密这些请求（${pageLink(90968)}）。沙箱有了回调配置中的密钥，也会加密：

\`\`\`ts
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const sandbox = await ZoneSandbox.start({
  appCallback: {
    url: 'http://127.0.0.1:3000/callback',
    token: '…', // 来自回调配置，下一项也是
    encodingAESKey: '…', // 43 个字母和数字
    receiveId: 'ww-sandbox', // 默认是 corpid；某些第三方应用是 suiteid 或空字符串
  },
});
\`\`\`

此时请求体是 \`<xml><ToUserName>…</ToUserName><AgentID>…</AgentID><Encrypt>…</Encrypt></xml>\`，上面的 XML 加密后放在 \`Encrypt\` 中，查询字符串带有 \`msg_signature\`、\`timestamp\` 和 \`nonce\`。在命令行中，为 \`--app-callback\` 设置 WEWORK_SPEC_APP_TOKEN 和 WEWORK_SPEC_APP_AES_KEY。没有密钥时，XML 以明文发送。
`,
    },
  ],
]);

function serverSection(definition, language) {
  const { path, aliases, method, title, query, request, response } = definition;
  const { fileField, appTypes, rules, errcodes, limits, notes, example } = definition;
  const words = pages.get(language);
  const parts = [
    `### ${path}\n\n${language.title(title)}\n`,
    `\`\`\`sh\n${curlLine(definition)}\n\`\`\`\n`,
    `\`\`\`json\n${JSON.stringify(example.response)}\n\`\`\`\n`,
  ];
  if (aliases.length) parts.push(`${words.alternatives(aliases.map((alias) => `\`${alias}\``))}\n`);
  if (appTypes) parts.push(`${words.appTypes(appTypes.map(language.text))}\n`);
  if (Object.keys(query.fields).length) {
    parts.push(`${words.query}\n\n${table(query, language, true)}`);
  }
  if (fileField) parts.push(`${words.upload(`\`${fileField}\``)}\n`);
  else if (method === 'POST')
    parts.push(`${language.request}\n\n${table(request, language, true)}`);
  if (Object.keys(response.fields).length) {
    parts.push(`${language.response}\n\n${table(response, language, false)}`);
  }
  if (rules.length)
    parts.push(`${language.rules}\n\n${bullets(rules.map(({ text }) => language.text(text)))}`);
  parts.push(...limitsAndNotes(limits, notes, language));
  if (errcodes.length) {
    parts.push(
      `${words.errcodes}\n\n${bullets(errcodes.map((code) => errcodeText(code, language)))}`,
    );
  }
  parts.push(
    definition.pages.length
      ? `${language.officialPages(definition.pages.map(pageLink))}\n`
      : `${words.unknownPage}\n`,
  );
  return parts.join('\n');
}

export function serverDocumentation(language) {
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
      `## ${language.groupTitle(title)}\n\n${members.map((member) => serverSection(member, language)).join('\n')}`,
  );
  return `${GENERATED}${pages
    .get(language)
    .page([language.indexHead, '|---|---|---|', ...index].join('\n'), sections.join('\n'))}`;
}
