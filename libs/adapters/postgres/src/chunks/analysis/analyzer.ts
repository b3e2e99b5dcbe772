/** Turns a text into the terms it is found by: chunk and question alike. */
export interface Analyzer {
  /** Names the rules, as `language/version`. Terms of different analyzers are different terms, however they are spelt. */
  readonly name: string;
  /** In order, repeated as often as they stand in the text. */
  terms(text: string): string[];
}
