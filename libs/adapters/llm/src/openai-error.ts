import { abortError, PackhouseError } from '@packhouse/core';
import { APIConnectionTimeoutError, APIError } from 'openai';

/** The typed error for whatever a call to an OpenAI-style server threw. `signal` is the one the call was given. */
export function openaiError(error: unknown, signal: AbortSignal, baseUrl: string): PackhouseError {
  if (PackhouseError.isInstance(error)) return error;
  if (signal.aborted) return abortError(signal);
  const cause = error;
  if (error instanceof APIConnectionTimeoutError) {
    return new PackhouseError('timeout', `${baseUrl} did not answer in time: ask again.`, { cause, retryable: true });
  }
  const refusal = error instanceof APIError ? refusalMessage(error, baseUrl) : undefined;
  if (refusal !== undefined) return new PackhouseError('provider_refused', refusal, { cause });
  const message = `${baseUrl} failed before its answer was complete: ask again.`;
  return new PackhouseError('provider_failed', message, { cause, retryable: true });
}

/** For an answer that asking again would not change. */
function refusalMessage(error: APIError, baseUrl: string): string | undefined {
  const { status, code } = error;
  // The provider's own words repeat a part of the key.
  if (status === 401 || status === 403) {
    return `${baseUrl} refused the credentials: check OPENAI_API_KEY, and OPENAI_BASE_URL if it is not OpenAI's.`;
  }
  if (code === 'insufficient_quota') return `${baseUrl} says that the account's quota is used up: check its billing.`;
  if (status === 404) return `${baseUrl} knows no such model or path: check the model's name and OPENAI_BASE_URL.`;
  const passing = [408, 409, 429].includes(status ?? 0);
  const refused = status !== undefined && status >= 400 && status < 500 && !passing;
  return refused ? `${baseUrl} refused the request: ${error.message}` : undefined;
}

/** True where a model has a temperature of its own, as OpenAI's reasoning models do; not for a value out of range. */
export function refusesTemperature(error: unknown): boolean {
  if (!(error instanceof APIError) || error.param !== 'temperature') return false;
  return error.code === 'unsupported_value' || error.code === 'unsupported_parameter';
}
