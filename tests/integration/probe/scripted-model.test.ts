import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openScriptedModel } from '../../../src/infrastructure/probe/model/scripted-model.js';

const SCRIPT = { word: 'pear', command: 'echo pear', opening: 'I say it.', closing: 'It is said.' };
const SCHEMA = { type: 'object', properties: { command: { type: 'string' } }, required: ['command', 'description'] };
const INPUT = { command: 'echo pear', description: 'Says a word' };

async function openBench() {
  const model = await openScriptedModel(SCRIPT);
  const options = { apiKey: 'any', maxRetries: 0 };
  return {
    model,
    anthropic: new Anthropic({ ...options, baseURL: model.url }),
    openai: new OpenAI({ ...options, baseURL: `${model.url}/v1` }),
    post: (path: string, body: string) =>
      fetch(model.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

describe.each([false, true])('the model of a probe, streaming %s', (stream) => {
  it("speaks Anthropic's Messages", async () => {
    await using bench = await openBench();
    const tools = [{ name: 'Bash', input_schema: SCHEMA as Anthropic.Tool.InputSchema }];
    const ask = (messages: Anthropic.MessageParam[]) => {
      const request = { model: 'any', max_tokens: 100, tools, messages };
      return stream
        ? bench.anthropic.messages.stream(request).finalMessage()
        : bench.anthropic.messages.create(request);
    };
    const first = await ask([{ role: 'user', content: 'Do it.' }]);
    expect(first).toMatchObject({
      content: [
        { type: 'text', text: 'I say it.' },
        { type: 'tool_use', name: 'Bash', input: INPUT },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 100, output_tokens: 20 },
    });
    const second = await ask([
      { role: 'user', content: 'Do it.' },
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_pear', content: 'pear' }] },
    ]);
    expect(second).toMatchObject({ content: [{ text: 'It is said.' }], stop_reason: 'end_turn' });
    expect(bench.model.asked()).toBe(2);
  });

  it("speaks OpenAI's Responses", async () => {
    await using bench = await openBench();
    const parameters = { type: 'object', properties: { cmd: { type: 'string' } }, required: ['cmd'] };
    const tools = [{ type: 'function' as const, name: 'exec_command', parameters, strict: false }];
    const ask = (input: string) => {
      const request = { model: 'any', input, tools };
      return stream ? bench.openai.responses.stream(request).finalResponse() : bench.openai.responses.create(request);
    };
    const first = await ask('Do it.');
    expect(first).toMatchObject({ output_text: 'I say it.', usage: { total_tokens: 120 } });
    const args = '{"cmd":"echo pear"}';
    const call = { type: 'function_call', name: 'exec_command', call_id: 'call_pear', arguments: args };
    expect(first.output[1]).toMatchObject(call);
    expect(await ask('It printed pear.')).toMatchObject({ output_text: 'It is said.', output: [{ type: 'message' }] });
  });

  it("speaks OpenAI's Chat Completions", async () => {
    await using bench = await openBench();
    const tools = [{ type: 'function' as const, function: { name: 'bash', parameters: SCHEMA } }];
    const ask = (content: string) => {
      const request = { model: 'any', tools, messages: [{ role: 'user' as const, content }] };
      const { completions } = bench.openai.chat;
      if (!stream) return completions.create(request);
      return completions.stream({ ...request, stream_options: { include_usage: true } }).finalChatCompletion();
    };
    const first = await ask('Do it.');
    const [choice] = first.choices;
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'I say it.' } });
    const call = choice?.message.tool_calls?.[0];
    expect(call).toMatchObject({ id: 'call_pear', type: 'function', function: { name: 'bash' } });
    expect(JSON.parse(call?.type === 'function' ? call.function.arguments : '')).toEqual(INPUT);
    expect(first.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 20 });
    expect((await ask('It printed pear.')).choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'It is said.' },
    });
  });

  it("speaks Google's generateContent", async () => {
    await using bench = await openBench();
    const tools = [{ functionDeclarations: [{ name: 'run_shell_command', parametersJsonSchema: SCHEMA }] }];
    const how = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
    const answer = await bench.post(`/v1beta/models/gemini-2.5-pro:${how}`, JSON.stringify({ tools, contents: [] }));
    const text = await answer.text();
    const documents = stream
      ? text.split('\n\n').flatMap((event) => (event === '' ? [] : [event.slice('data: '.length)]))
      : [text];
    const said = documents.map((document) => JSON.parse(document) as Content);
    const parts = said.flatMap(({ candidates: [candidate] }) => candidate.content.parts);
    expect(parts.map((part) => part.text ?? '').join('')).toBe('I say it.');
    expect(parts.at(-1)).toEqual({ functionCall: { id: 'call_pear', name: 'run_shell_command', args: INPUT } });
    expect(said.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }], modelVersion: 'gemini-2.5-pro' });
  });
});

interface Content {
  readonly candidates: readonly [{ readonly content: { readonly parts: readonly { readonly text?: string }[] } }];
}

it('answers what is beside the conversation, and remembers nothing', async () => {
  await using bench = await openBench();
  const messages = [{ role: 'user' as const, content: 'A title for this?' }];
  const aside = await bench.anthropic.messages.create({ model: 'any', max_tokens: 100, messages });
  expect(aside.content).toMatchObject([{ type: 'text', text: 'A probe' }]);
  const tools = [{ name: 'Sing', input_schema: SCHEMA as Anthropic.Tool.InputSchema }];
  const other = await bench.anthropic.messages.create({ model: 'any', max_tokens: 100, messages, tools });
  expect(other.content).toMatchObject([{ type: 'text', text: 'No tool for commands among Sing.' }]);
  expect(await bench.anthropic.messages.countTokens({ model: 'any', messages })).toEqual({ input_tokens: 100 });
  expect((await bench.openai.models.list()).data).toHaveLength(1);
});

it('refuses what it does not know, and what is too long', async () => {
  await using bench = await openBench();
  expect((await bench.post('/v1/messages', 'no json')).status).toBe(400);
  expect((await bench.post('/v1/images', '{}')).status).toBe(404);
  expect((await fetch(`${bench.model.url}/v1/messages`)).status).toBe(404);
  expect((await bench.post('/v1/messages', `"${'x'.repeat(16_777_216)}"`)).status).toBe(413);
  expect(bench.model.asked()).toBe(0);
});
