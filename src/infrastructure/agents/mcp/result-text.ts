import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** What a tool gave, as text: texts as they are, and a line about each thing that is none. */
export function resultText({ content, structuredContent }: CallToolResult): string {
  const texts = content.map(textOf);
  if (texts.length === 0 && structuredContent !== undefined) return JSON.stringify(structuredContent, null, 2);
  return texts.join('\n');
}

function textOf(piece: CallToolResult['content'][number]): string {
  switch (piece.type) {
    case 'text':
      return piece.text;
    case 'image':
    case 'audio':
      return `[${piece.type}: ${piece.mimeType}, ${String(Math.floor((piece.data.length * 3) / 4))} bytes]`;
    case 'resource_link':
      return `[${piece.name}: ${piece.uri}]`;
    case 'resource':
      return 'text' in piece.resource ? piece.resource.text : `[${piece.resource.uri}]`;
  }
}
