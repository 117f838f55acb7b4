"""The chat page as a person uses it."""

from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.shadowroot import ShadowRoot

from tests.bot.fakes import until

_TEXTS = """
const root = document.querySelector("deep-chat")?.shadowRoot;
const bubbles = root?.querySelectorAll(".message-bubble") ?? [];
return [...bubbles]
  .filter((bubble) => !bubble.querySelector(".chips"))
  .filter((bubble) => !bubble.classList.contains("deep-chat-loading-message-bubble"))
  .map((bubble) => bubble.innerText.trim());
"""
_CHIPS = """
const root = document.querySelector("deep-chat")?.shadowRoot;
return [...(root?.querySelectorAll(".chip") ?? [])].map((chip) => chip.innerText);
"""
_TYPING = """
const root = document.querySelector("deep-chat").shadowRoot;
return !!root.querySelector(".deep-chat-loading-message-bubble");
"""
_DROP = """
const [name, content] = arguments;
const data = new DataTransfer();
data.items.add(new File([content], name, { type: "text/csv" }));
const about = { dataTransfer: data, bubbles: true, cancelable: true };
for (const type of ["dragover", "drop"]) window.dispatchEvent(new DragEvent(type, about));
"""


class ChatPage:
    """Sees and does what a person does."""

    def __init__(self, browser: Chrome) -> None:
        self.browser = browser

    def open(self, address: str) -> None:
        """Open the chat; a one-time link's page has a button to press."""
        self.browser.get(address)
        if "/link/" in address:
            self.press()
        self.wait_until_open()

    def press(self) -> None:
        """Press the button of a one-time link's page."""
        until(lambda: self.browser.find_elements(By.ID, "open"))[0].click()

    def wait_until_open(self) -> None:
        until(lambda: self.run("return !!document.querySelector('deep-chat')?.shadowRoot"))
        until(lambda: self._root.find_elements(By.ID, "text-input"))

    @property
    def _root(self) -> ShadowRoot:
        return self.browser.find_element(By.TAG_NAME, "deep-chat").shadow_root

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def say(self, text: str) -> None:
        field = self._root.find_element(By.ID, "text-input")
        field.click()
        field.send_keys(text, Keys.ENTER)

    def tap(self, title: str) -> None:
        chips = self._root.find_elements(By.CLASS_NAME, "chip")
        next(chip for chip in reversed(chips) if chip.text == title).click()

    def attach(self, file: Path) -> None:
        self.browser.find_element(By.ID, "file").send_keys(str(file))

    def drop(self, name: str, content: str) -> None:
        self.run(_DROP, name, content)

    @property
    def texts(self) -> list[str]:
        return list(self.run(_TEXTS))

    @property
    def chips(self) -> list[str]:
        return list(self.run(_CHIPS))

    @property
    def is_typing(self) -> bool:
        return bool(self.run(_TYPING))

    def wait_for(self, text: str) -> None:
        until(lambda: text in self.texts, 15)
