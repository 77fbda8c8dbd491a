/** An error that is sent to the client as the answer. */
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

/** A dependency cannot be used or is full. The client may send the same request again. */
export const unavailable = (code: string, message: string, cause?: unknown): ApiError =>
  new ApiError(503, code, message, cause);
