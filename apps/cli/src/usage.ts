import { openApi } from './api/api.js';
import type { UsageDay, UsagePage } from './api/objects.js';
import { command } from './command.js';
import { printJson } from './print-json.js';
import { printable } from './printable.js';
import { day as dayAndTime } from './shown.js';
import { table } from './table.js';

const HELP = `Usage: packhouse usage [--json]

Prints what the tenant's questions cost in tokens of the chat model, day by day and model by model, the newest of 100 days
first, and what is left of today's budget. Days are those of UTC. Answers without a model cost nothing.

Options:
  --json    print the API's own document
`;

export const usage = command({
  help: HELP,
  options: { json: { type: 'boolean', default: false } },
  async run({ values }, signal) {
    const page = await (await openApi(signal)).get<UsagePage>('/usage?limit=100');
    if (values.json) return printJson(page);
    const heads = ['DAY', 'MODEL', 'CALLS', 'IN', 'OUT', 'ESTIMATED'];
    if (page.data.length > 0) process.stdout.write(table(heads, page.data.flatMap(rows), heads.slice(2)));
    process.stdout.write(budget(page));
  },
});

function rows({ id, results }: UsageDay): string[][] {
  return results.map(({ model, num_model_requests, input_tokens, output_tokens, estimated_tokens }) => [
    id,
    printable(model),
    ...[num_model_requests, input_tokens, output_tokens, estimated_tokens].map(String),
  ]);
}

function budget({ budget: { tokens_per_day, remaining_tokens, spent_tokens, resets_at } }: UsagePage): string {
  if (tokens_per_day === null) return `${spent_tokens} tokens today; there is no limit.\n`;
  return `${remaining_tokens} of today's ${tokens_per_day} tokens are left, until ${dayAndTime(resets_at)} UTC.\n`;
}
