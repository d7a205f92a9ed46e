import { inspect } from 'node:util';
import { parseEvent, SpecCallbackSDK } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { zoneEvents } from '../../lib/interfaces';
import { onTestEnd } from '../support/clean-up';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { thrownBy } from '../support/thrown';

silenceLog();

type Json = Record<string, unknown>;

const every = zoneEvents.map((definition) => [definition.eventType, definition] as const);

test('the nine documented types are defined', () => {
  expect(every.map(([type]) => type).sort()).toEqual([
    'auth_knowledge_base',
    'chat_archive_audit_approved_room',
    'chat_archive_audit_approved_single',
    'chat_archive_export_finished',
    'conversation_new_message',
    'delete_knowledge_base',
    'hit_keyword',
    'knowledge_base_learn_done',
    'unauth_knowledge_base',
  ]);
});

describe.each(every)('%s', (_, definition) => {
  const example = definition.example as Json;

  test('is read from the request that the platform sends', async () => {
    const sandbox = await ZoneSandbox.start();
    onTestEnd(() => sandbox.stop());
    setEnvironmentForTest(sandbox.env);
    const { method, headers, body } = sandbox.wire.seal({ callType: 2, data: example });
    const callback = new SpecCallbackSDK(method, headers, body);
    expect(callback.GetCallType()).toBe(2);
    expect(parseEvent(callback.GetData())).toEqual(example);
  });

  test('can be passed as an object', () => {
    expect(parseEvent(example)).toBe(example);
  });

  test('keeps undocumented fields', () => {
    const more = {
      ...example,
      surprise: 1,
      [definition.object]: { ...(example[definition.object] as Json), surprise: [2] },
    };
    expect(parseEvent(JSON.stringify(more))).toEqual(more);
  });

  test('is rejected if a documented field is missing, with its name', () => {
    for (const [name, field] of Object.entries(definition.fields)) {
      const { [name]: removed, ...rest } = example[definition.object] as Json;
      const broken = { ...example, [definition.object]: rest };
      if (!field.isRequired) {
        expect(parseEvent(broken)).toBe(broken);
        continue;
      }
      const error = thrownBy(() => parseEvent(broken));
      expect(error.code).toBe('ERR_SPEC_BAD_EVENT');
      expect(error.message).toContain(`${definition.object}.${name}`);
      expect(removed).toBeDefined();
    }
    for (const broken of [
      { ...example, [definition.object]: undefined },
      { ...example, [definition.object]: [] },
    ]) {
      expect(thrownBy(() => parseEvent(broken)).message).toContain(definition.object);
    }
    expect(thrownBy(() => parseEvent({ ...example, timestamp: '1' })).message).toContain(
      'timestamp',
    );
  });
});

test('the consent to a single chat can have the three fields of the example on its page', () => {
  const event = parseEvent({
    event_type: 'chat_archive_audit_approved_single',
    timestamp: 1_760_000_000,
    chat_archive_audit_approved: { userid: 'u', external_userid: 'e', chatid: 'c' },
  });
  expect(event).toHaveProperty('chat_archive_audit_approved.chatid', 'c');
});

test('an event of an unknown type is returned unchanged', () => {
  const event = { event_type: 'brand_new', anything: [1, { two: '二' }] };
  expect(parseEvent(event)).toBe(event);
  expect(parseEvent(JSON.stringify(event))).toEqual(event);
  expect(parseEvent({ event_type: 'constructor' })).toEqual({ event_type: 'constructor' });
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"geheim":'],
  ['a list', '["geheim"]'],
  ['a text', '"geheim"'],
  ['null', 'null'],
  ['an object without a type', '{"geheim":1}'],
  ['a type that is no text', '{"event_type":5}'],
  ['an empty type', '{"event_type":""}'],
  ['undefined', undefined],
  ['a number', 5],
])('%s is rejected without quoting it', (_, data) => {
  const error = thrownBy(() => parseEvent(data as string));
  expect(error.code).toBe('ERR_SPEC_BAD_EVENT');
  expect(inspect(error)).not.toContain('geheim');
});
