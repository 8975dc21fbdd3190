// A server that was started anew knows nothing of this page's parts and answers none of them.

const MOST_TRIES = 4;
const AGAIN = 900; // ms without an answer

// Calls `again` if nothing has been heard for a while: `sender.again` is the timer, `sender.tries` how
// often it came to that. While an answer is worked on it waits: what is sent then would start it anew.
export function awaitAnswer(sender, again) {
  sender.again = setTimeout(() => {
    if (document.querySelector("[data-testid=stApp]").dataset.testScriptState === "running") {
      awaitAnswer(sender, again);
      return;
    }
    sender.tries += 1;
    reloadIfUnheard(sender.tries);
    sender.again = null;
    again();
  }, AGAIN);
}

// Called before something is sent again: loads the page anew if it is heard by nobody, though the
// server is there and idle. What the page shows stands in the address.
export function reloadIfUnheard(tries) {
  const { testConnectionState, testScriptState } = document.querySelector("[data-testid=stApp]").dataset;
  if (tries > MOST_TRIES && testConnectionState === "CONNECTED" && testScriptState === "notRunning") {
    window.location.reload();
  }
}
