import { execFileSync } from 'node:child_process';
import { consumerOf, type Consumer } from './consumer.js';

describe("the README's program, with its packages as npm would serve them", () => {
  let consumer: Consumer;
  beforeAll(() => {
    consumer = consumerOf('README.md');
  }, 120_000);
  afterAll(() => consumer.remove());

  it('type-checks under strict', () => {
    consumer.compile('--noEmit');
  });

  it('runs under plain Node and answers', () => {
    const printed = execFileSync(process.execPath, ['program.mts'], { cwd: consumer.folder, encoding: 'utf8' });
    expect(printed).toContain('Refunds are paid within ten days.');
    expect(printed).toContain('refunds.md');
  });
});
