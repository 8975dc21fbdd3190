// A server that was started anew knows nothing of this page's parts and answers none of them.

const MOST_TRIES = 4;

// Whether an answer is being worked on: what is sent now would start it anew.
export const isBusy = () =>
  document.querySelector("[data-testid=stApp]").dataset.testScriptState === "running";

// Called before something is sent again: loads the page anew if it is heard by nobody, though the
// server is there and idle. What the page shows stands in the address.
export function reloadIfUnheard(tries) {
  const { testConnectionState, testScriptState } = document.querySelector("[data-testid=stApp]").dataset;
  if (tries > MOST_TRIES && testConnectionState === "CONNECTED" && testScriptState === "notRunning") {
    window.location.reload();
  }
}
