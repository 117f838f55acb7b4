"""The conversation store: SQL, with sessions kept short so that a turn costs the same after a year."""
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import text

_NOT_CARRIED = {"requested_slot", "session_started_metadata"}


class BoundedTrackerStore(SQLTrackerStore):
    """Starts a new session once one has `max_session_events` events and no form is open.

    Rasa reads a whole session for each turn; the built-in carry-over replays every old slot, so only
    the latest values go into the new session.
    """

    def __init__(self, *args: Any, max_session_events: int = 150, **kwargs: Any) -> None:
        self.max_session_events = int(max_session_events)
        super().__init__(*args, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        if self._is_due(tracker):
            tracker.update_with_events(_new_session(tracker), self.domain)
        await super().save(tracker)

    def forget(self, sender_id: str) -> None:
        """Delete all events of a conversation."""
        with self.session_scope() as session:
            if self.engine.dialect.name == "sqlite":
                session.execute(text("PRAGMA secure_delete=ON"))
            events = self.SQLEvent
            session.query(events).filter(events.sender_id == sender_id).delete()
            session.commit()

    def _is_due(self, tracker: DialogueStateTracker) -> bool:
        return (
            len(tracker.events) > self.max_session_events
            and not tracker.active_loop_name
            and not tracker.is_paused()
            and tracker.latest_action_name == "action_listen"
        )


def _new_session(tracker: DialogueStateTracker) -> list:
    carried = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.value is not None and slot.name not in _NOT_CARRIED
    ]
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        *carried,
        ActionExecuted("action_listen"),
    ]
