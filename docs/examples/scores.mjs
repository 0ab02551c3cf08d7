// The scores of a sample, line by line as they are made: node scores.mjs "Lamplight Walk" [http://127.0.0.1:8050]
// On a page that the service itself serves, the same code runs in the browser.

const [, , title = "Lamplight Walk", address = "http://127.0.0.1:8050"] = process.argv;

async function* lines(response) {
  let rest = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + piece).split("\n");
    rest = parts.pop();
    yield* parts;
  }
}

async function get(path) {
  const response = await fetch(new URL(path, address));
  if (response.ok) return response;
  const problem = await response.json(); // a problem document (RFC 9457); `detail` is written for people
  throw new Error(`${problem.title}: ${problem.detail}`);
}

const { tracks } = await (await get("/api/tracks")).json();
const id = tracks.find((track) => track.title === title)?.id ?? title;
const response = await get(`/api/tracks/${id}/scores?hop=0.5`);
let header, isWhole;
for await (const line of lines(response)) {
  const message = JSON.parse(line);
  if (message.type === "header") header = message;
  if (message.type === "window") {
    const endSeconds = message.end / header.sample_rate;
    console.log(endSeconds.toFixed(1), message.genre ?? message.state, Math.max(...message.p).toFixed(2));
  }
  if (message.type === "summary") console.log("whole:", message.genre ?? message.state);
  if (message.type === "end") isWhole = true;
}
if (!isWhole) throw new Error("The stream broke off; ask again.");
