"""The loopback service that takes in a stored upload by its id."""

import hmac
import logging
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import Engine

from intake.enriching import Enricher
from intake.errors import IntakeError, UploadGoneError
from intake.files import Source
from intake.importing import import_files
from intake.kept import discard, sweep
from intake.sandbox import Limits
from ledger import uploads as ledger_uploads
from ledger.crypto import open_turn
from ledger.database import open_engine, reading, writing
from ledger.errors import ImportRefusedError, LedgerError, NotFoundError, ScopeError
from ledger.imports.choices import Choices, ImportQuestion
from ledger.imports.reports import report_of
from ledger.imports.storing import FileReport
from ledger.scope import UserScope
from registry import Registry

if TYPE_CHECKING:
    from enrichment.questions import Question
    from intake.asking import Asker

logger = logging.getLogger(__name__)


class ImportRequest(BaseModel):
    """A stored upload, whose it is, and what they chose."""

    scope: str = Field(max_length=4_000)
    upload_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")
    choices: dict[str, str] = Field(default_factory=dict, max_length=10)


def _counted(report: FileReport, enriched: bool) -> dict[str, Any]:
    return {
        "added": report.added,
        "matched": report.matched,
        "held": report.held,
        "rejected": report.rejected,
        "rows": [asdict(problem) for problem in report.problems],
        "accounts": list(report.accounts),
        "enriched": enriched,
    }


def _asked(question: ImportQuestion, choices: dict[str, str]) -> dict[str, Any]:
    """A question whose answers hold all that was chosen before, ready to be sent."""
    return {
        "question": question.text,
        "field": question.field,
        "examples": list(question.examples),
        "choices": [
            {"title": option.label, "choices": {**choices, question.field: option.value}}
            for option in question.options
        ],
    }


class Intake:
    """Imports uploads into one ledger."""

    def __init__(self, engine: Engine, uploads: Path, enricher: Enricher, limits: Limits) -> None:
        self._engine = engine
        self._uploads = uploads
        self._enricher = enricher
        self._limits = limits
        self._asking = Lock()

    def take(self, scope: UserScope, request: ImportRequest) -> dict[str, Any]:
        """Import an upload and enrich its person's rows.

        Its file is deleted unless a question about it is open; asked again, what became of it is
        told again.

        Raises:
            LedgerError: The upload is unknown, refused, or a choice is wrong.
            IntakeError: The reader failed, or the file is not kept any more.
        """
        with reading(self._engine) as connection:
            upload = ledger_uploads.get(connection, scope, request.upload_id)
        file = Source(self._uploads / upload.id, upload.name, upload.id)
        if not file.path.is_file():
            return self._told(scope, upload.id)
        chosen = Choices.from_mapping(request.choices)
        try:
            report = import_files(
                self._engine, scope, [file], chosen, at=datetime.now(UTC), limits=self._limits
            )[0]
        except ImportQuestion as question:
            return _asked(question, request.choices)
        except ImportRefusedError:
            self._settle(scope, file, "refused")
            raise
        self._settle(scope, file, "done")
        return _counted(report, self._enrich(scope))

    def _told(self, scope: UserScope, upload_id: str) -> dict[str, Any]:
        with reading(self._engine) as connection:
            report = report_of(connection, scope, upload_id)
        if report is None:
            raise UploadGoneError
        return _counted(report, self._enrich(scope))

    def _settle(self, scope: UserScope, file: Source, state: str) -> None:
        with writing(self._engine) as connection:
            ledger_uploads.settle(connection, scope, file.path.name, state)
        discard(file.path)

    def _enrich(self, scope: UserScope) -> bool:
        """Enrich; what was imported stays imported if this fails."""
        try:
            found = self._enricher.enrich(self._engine, scope)
        except Exception as error:
            logger.error("enrichment failed: %s", type(error).__name__)
            return False
        if found is not None and found.questions:
            # A language model may take minutes: nobody waits for it, nor does a stop.
            Thread(target=self._ask, args=(scope, list(found.questions)), daemon=True).start()
        return found is not None

    def _ask(self, scope: UserScope, questions: "list[Question]") -> None:
        """Ask about unsure rows, one person at a time; a failure leaves them as they are."""
        try:
            with self._asking:
                self._enricher.ask(self._engine, scope, questions, datetime.now(UTC))
        except Exception as error:
            logger.error("asking a language model failed: %s", type(error).__name__)


def create_app(
    *,
    database_url: str,
    key: str,
    uploads: Path,
    registry: Path,
    limits: Limits | None = None,
    asker: "Asker | None" = None,
) -> FastAPI:
    """The service.

    Args:
        database_url: The ledger, already migrated.
        key: The internal key: callers send it, and turns are signed with it.
        uploads: The folder of stored files, each named by its id.
        registry: The folder of published models.
        limits: What reading one file may take.
        asker: Asks a language model about unsure rows, where an endpoint is set up.
    """
    sweep(uploads, datetime.now(UTC))
    app = FastAPI(title="Florin intake", openapi_url=None)
    enricher = Enricher(Registry(registry), asker)
    intake = Intake(open_engine(database_url), uploads, enricher, limits or Limits())

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/imports")
    def imports(
        request: ImportRequest, x_florin_key: Annotated[str, Header()] = ""
    ) -> JSONResponse:
        if not hmac.compare_digest(x_florin_key.encode(), key.encode()):
            return _error(403, "This service is for Florin's own processes.")
        try:
            return JSONResponse(intake.take(open_turn(key, request.scope).user, request))
        except ScopeError as error:
            return _error(403, str(error))
        except NotFoundError as error:
            return _error(404, str(error))
        except (LedgerError, IntakeError) as error:
            return _error(422, str(error))
        except Exception as error:
            # Its text and its traceback may hold lines of somebody's bank file.
            logger.error("import failed: %s", type(error).__name__)
            return _error(500, "The file could not be imported because of a mistake in Florin.")

    return app


def _error(status: int, text: str) -> JSONResponse:
    return JSONResponse({"error": text}, status_code=status)
