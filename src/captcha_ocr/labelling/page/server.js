// Requests to the server that this page comes from.

export async function ask(path, method = "GET", body = undefined) {
  let response;
  try {
    response = await fetch(path, {
      method,
      body: body && JSON.stringify(body),
      headers: body && { "Content-Type": "application/json" },
    });
  } catch {
    throw new Error(
      "captcha-ocr label does not answer, and this answer was not stored: start it again, and open the new address",
    );
  }
  if (!response.ok) {
    throw new Error(response.status === 422 || response.status === 403 ? await response.text() : `error ${response.status}: the terminal says more`);
  }
  return response.json();
}

// Stores the text of the picture at a position; it is on disk when the promise is fulfilled.
export function store(position, text) {
  return ask(`items/${position}`, "PUT", { text });
}
