/**
 * What a new script begins with.
 *
 * @module
 */
export interface ScriptTemplate {
  readonly key: string
  readonly label: string
  readonly source: string
}

export const SCRIPT_TEMPLATES: readonly ScriptTemplate[] = [
  {
    key: 'hello',
    label: 'A greeting',
    source: `// The value of the last expression is the answer.
let name = request.query.name ?? "world";

log::info("greeting", #{ name: name });
#{ hello: name }
`,
  },
  {
    key: 'counter',
    label: 'A counter, kept in the data of the app',
    source: `// Counts who came by. \`kv\` is the app's own data, kept from one request to the next.
let visits = kv::incr("visits");

#{ visits: visits }
`,
  },
  {
    key: 'webhook',
    label: 'A webhook that takes JSON',
    source: `// Takes a JSON object by POST, and refuses everything else.
if type_of(request.body) != "map" {
    throw #{ status: 422, message: "Send a JSON object." };
}

log::info("received", #{ event: request.body });
response::json(#{ received: request.id }, 202)
`,
  },
  { key: 'empty', label: 'Nothing', source: '' },
]
