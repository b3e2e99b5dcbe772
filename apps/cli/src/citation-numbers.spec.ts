import type { Annotation } from './api/objects.js';
import { citationNumbers } from './citation-numbers.js';

const at = (end_index: number): Annotation => ({
  file_citation: { file_id: 'file-a', filename: 'a.txt', page: null, quote: 'A.', end_index },
});

describe('the numbers of citations', () => {
  it('are those of the markers after their claims, whatever they are', () => {
    const answer = 'Refunds take ten days [3]. 💶 Vouchers last a year. [1, 5][2]';
    const end = [...'Refunds take ten days'].length;
    const second = [...'Refunds take ten days [3]. 💶 Vouchers last a year.'].length;
    expect(citationNumbers(answer, [at(end), at(second), at(second), at(second)])).toEqual([3, 1, 5, 2]);
  });

  it('are counted where the answer has no markers', () => {
    expect(citationNumbers('One.\n\nTwo.', [at(4), at(10)])).toEqual([1, 2]);
  });
});
