/** An answer other than success, meant for the client. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
  }
}

export const badRequest = (message: string): ApiError => new ApiError(400, 'bad_request', message);

export const notFound = (message: string): ApiError => new ApiError(404, 'not_found', message);

/** A dependency is out or full; the same request may be sent again. */
export const unavailable = (code: string, message: string, cause?: unknown): ApiError =>
  new ApiError(503, code, message, cause);
