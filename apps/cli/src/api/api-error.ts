/** What a server refused, in its own words and with what to do about it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Reads a refusal: a problem document or OpenAI's `error`, or whatever else a proxy has to say. */
export async function apiError(response: Response): Promise<ApiError> {
  const { status, statusText, url } = response;
  const text = await response.text().catch(() => '');
  const told = messageIn(text);
  const origin = URL.parse(url)?.origin ?? url;
  const said = told ?? `${origin} answered ${status} ${statusText}: ${text.slice(0, 200)}`;
  const advice = ADVICE[status];
  return new ApiError(status, advice ? `${said} ${advice}` : said);
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "Set PACKHOUSE_TOKEN to a token of this server: packhouse token --tenant NAME, with the server's settings.",
  403: 'This takes a token with more rights: packhouse token --tenant NAME --role writer.',
};

function messageIn(text: string): string | undefined {
  try {
    const { detail, error } = JSON.parse(text) as { detail?: string; error?: { message?: string } };
    return detail ?? error?.message;
  } catch {
    return undefined;
  }
}
