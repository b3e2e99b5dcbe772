/** Turns a text into the terms it is found by: chunk and question alike. One for each language there is. */
export interface Analyzer {
  /** Names the rules: an index holds terms of one analyzer only. */
  readonly name: string;
  /** In order, repeated as often as they stand in the text. */
  terms(text: string): string[];
}
