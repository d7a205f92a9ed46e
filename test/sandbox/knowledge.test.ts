import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { silenceLog } from '../support/process-environment';
import { thrownBy } from '../support/thrown';
import { invoke, invokeWell, type Json, zoneForTest } from '../support/zone';

silenceLog();
const pdf = { doc_name: '产品手册.PDF', type: 2, file_media_id: 'media-1' };
const link = { doc_name: 'page', type: 101, web_url: 'https://example.com/a' };
const deadLink = { doc_name: 'dead', type: 101, web_url: 'https://nothing.invalid/' };

async function frozenZone(options = {}): Promise<ZoneSandbox> {
  const sandbox = await zoneForTest(options);
  sandbox.clock.set(sandbox.clock.now());
  return sandbox;
}

const eventsOf = (sandbox: ZoneSandbox, type: string): Json[] =>
  sandbox.programs.events
    .filter(({ eventType }) => eventType === type)
    .map(({ data }) => JSON.parse(data)[type]);

test('a knowledge base is created and learns its documents, each with an event', async () => {
  const sandbox = await frozenZone();
  const created = await invokeWell(sandbox, 'knowledge_base_create', {
    kb_name: 'faq',
    doc_list: [pdf, deadLink],
  });
  const { kb_id } = created;
  expect(created.doc_list).toEqual([
    { ...pdf, docid: 1 },
    { ...deadLink, docid: 2 },
  ]);
  const detail = async () => invokeWell(sandbox, 'knowledge_base_detail', { kb_id });
  expect(await detail()).toMatchObject({
    kb_id,
    kb_name: 'faq',
    doc_list: [
      { docid: 1, doc_name: pdf.doc_name, type: 2, status: 2 },
      { docid: 2, type: 101, web_url: deadLink.web_url, status: 2 },
    ],
  });
  sandbox.clock.advance(999);
  expect(sandbox.programs.events).toEqual([]);
  sandbox.clock.advance(1);
  const { doc_list: learnt } = await detail();
  expect(learnt.map(({ status }: Json) => status)).toEqual([0, 1]);
  const base = { knowledge_base_id: kb_id, knowledge_base_name: 'faq' };
  expect(eventsOf(sandbox, 'knowledge_base_learn_done')).toEqual([
    { ...base, doc_id: 1, learn_status: 0 },
    { ...base, doc_id: 2, learn_status: 1 },
  ]);
});

test('documents are added and removed, and the knowledge base is renamed and deleted', async () => {
  const sandbox = await frozenZone();
  const { kb_id } = await invokeWell(sandbox, 'knowledge_base_create', {
    kb_name: 'faq',
    doc_list: [pdf],
  });
  const added = await invokeWell(sandbox, 'knowledge_base_add_doc', { kb_id, doc_list: [link] });
  expect(added.doc_list).toEqual([{ ...link, docid: 2 }]);
  await invokeWell(sandbox, 'knowledge_base_remove_doc', { kb_id, docid_list: [1] });
  await invokeWell(sandbox, 'knowledge_base_modify_name', { kb_id, kb_name: 'new' });
  const { kb_name: name, doc_list: list } = await invokeWell(sandbox, 'knowledge_base_detail', {
    kb_id,
  });
  expect([name, list.map(({ docid }: Json) => docid)]).toEqual(['new', [2]]);
  // A docid is not reused.
  const again = await invokeWell(sandbox, 'knowledge_base_add_doc', { kb_id, doc_list: [pdf] });
  expect(again.doc_list[0].docid).toBe(3);
  for (const name of ['knowledge_base_list', 'document_list']) {
    expect((await invokeWell(sandbox, name, {})).kb_info_list).toEqual([{ kb_id, kb_name: 'new' }]);
  }
  await invokeWell(sandbox, 'knowledge_base_delete', { kb_id });
  expect((await invoke(sandbox, 'knowledge_base_list', {})).errcode).toBe(710632);
});

test('the administrator grants, revokes and deletes, each with its event', async () => {
  const sandbox = await frozenZone();
  const kb_id = sandbox.state.knowledgeBases.grant('政策');
  expect((await invokeWell(sandbox, 'knowledge_base_list', {})).kb_info_list).toEqual([
    { kb_id, kb_name: '政策' },
  ]);
  sandbox.state.knowledgeBases.revoke(kb_id);
  sandbox.state.knowledgeBases.delete(kb_id);
  const content = { knowledge_base_id: kb_id, knowledge_base_name: '政策' };
  for (const type of ['auth_knowledge_base', 'unauth_knowledge_base', 'delete_knowledge_base']) {
    expect([type, eventsOf(sandbox, type)]).toEqual([type, [content]]);
  }
  expect(thrownBy(() => sandbox.state.knowledgeBases.delete(kb_id)).code).toBe(
    'ERR_SANDBOX_UNKNOWN_ID',
  );
});

test('strictMedia: learns only from uploaded files', async () => {
  const sandbox = await frozenZone({ limits: { strictMedia: true } });
  const mediaId = sandbox.state.media.add('a.pdf', 'content');
  const { kb_id } = await invokeWell(sandbox, 'knowledge_base_create', {
    kb_name: 'faq',
    doc_list: [pdf, { ...pdf, file_media_id: mediaId }],
  });
  sandbox.clock.advance(1000);
  const { doc_list: list } = await invokeWell(sandbox, 'knowledge_base_detail', { kb_id });
  expect(list.map(({ status }: Json) => status)).toEqual([1, 0]);
});

test('a knowledge base has at most 1000 documents, and a corp at most 1000 knowledge bases', async () => {
  const sandbox = await frozenZone();
  const many = Array.from({ length: 1000 }, () => pdf);
  const { kb_id } = await invokeWell(sandbox, 'knowledge_base_create', {
    kb_name: 'full',
    doc_list: many,
  });
  const more = { kb_id, doc_list: [pdf] };
  expect((await invoke(sandbox, 'knowledge_base_add_doc', more)).errcode).toBe(790026);
  for (let count = 1; count < 1000; count += 1) sandbox.state.knowledgeBases.grant(`kb ${count}`);
  const another = { kb_name: 'one more', doc_list: [pdf] };
  expect((await invoke(sandbox, 'knowledge_base_create', another)).errcode).toBe(790027);
  await invokeWell(sandbox, 'knowledge_base_delete', { kb_id });
  await invokeWell(sandbox, 'knowledge_base_create', another);
});
