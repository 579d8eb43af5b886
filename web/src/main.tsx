import { render } from "preact";
import { App } from "./app.tsx";
import { DataError, decode, fetchBytes } from "./data/decode.ts";
import { Footprint } from "./model/footprint.ts";
import "./style/index.css";

const root = document.getElementById("app");
const data = document.querySelector("script[type='application/octet-stream']");

async function start(into: HTMLElement, text: string): Promise<void> {
  try {
    const page = await decode(text, fetchBytes);
    into.replaceChildren();
    render(<App footprint={new Footprint(page)} />, into);
  } catch (error) {
    into.replaceChildren();
    render(<Failure error={error} />, into);
    if (!(error instanceof DataError)) {
      throw error;
    }
  }
}

function Failure({ error }: { readonly error: unknown }) {
  return (
    <main class="failure panel">
      <h1>This report cannot be shown</h1>
      <p>{error instanceof DataError ? error.message : "The page failed: this is its own fault, not that of the recording. `smaragdine report --format text` shows the same figures."}</p>
    </main>
  );
}

if (root !== null) {
  const text = data?.textContent ?? "";
  data?.remove();
  void start(root, text);
}
