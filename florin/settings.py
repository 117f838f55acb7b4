"""Every setting, read once from the environment (`FLORIN_…`) and handed on as arguments."""

from decimal import Decimal
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where Florin keeps its data and how its parts find one another.

    Attributes:
        home: Folder of everything that Florin writes: database, models, uploads, logs.
        host: Address the gateway listens on.
        port: Port of the gateway; the other services take free ports on loopback.
        public_url: Where people reach the gateway, for links; its own address unless set.
        embed_origins: Origins whose pages may embed the chat, separated by spaces.
        database: SQLAlchemy URL; the embedded SQLite file in ``home`` unless set.
        tracker_database: SQLAlchemy URL of the dialogue engine's own conversations; never the
            ledger's, whose rows the engine must not read. Embedded SQLite unless set.
        telegram_token: The bot's token from @BotFather; without it Telegram is off.
        telegram_base_url: Another Bot API server (a local one, or a test's emulator).
        telegram_webhook: Public address for webhooks; long polling unless set.
        telegram_secret: Secret token that Telegram sends with each webhook call.
        proactive: Whether anybody is written to unasked (alerts, the recap, bills, goals).
        peers_minimum: How many others of the same country must have joined before anybody is
            compared with them.
        proactive_hour: The local hour from which the day's digests are sent, 0 to 23, where a
            person chose none.
        llm_base_url: An OpenAI-compatible address up to `/v1`; without it no language model is
            asked.
        llm_model: The model's name there.
        llm_key: Sent as a bearer token.
        llm_timeout_seconds: For one request.
        llm_tries: How often a question is asked before it is given up.
        llm_daily_tokens: What a day may cost in all, prompts and replies, in tokens.
        llm_price_in: Price of a million tokens of prompts, for estimates, in `llm_currency`.
        llm_price_out: The same for replies.
        llm_currency: ISO 4217.
    """

    model_config = SettingsConfigDict(env_prefix="FLORIN_", extra="ignore")

    home: Path = ROOT / ".florin"
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str | None = None
    embed_origins: str = ""
    database: str | None = None
    tracker_database: str | None = None
    telegram_token: str | None = None
    telegram_base_url: str = "https://api.telegram.org"
    telegram_webhook: str | None = None
    telegram_secret: str | None = None
    proactive: bool = True
    peers_minimum: int = Field(default=20, ge=5)
    proactive_hour: int = Field(default=9, ge=0, le=23)
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_key: str = ""
    llm_timeout_seconds: float = 30.0
    llm_tries: int = 3
    llm_daily_tokens: int = 500_000
    llm_price_in: Decimal | None = None
    llm_price_out: Decimal | None = None
    llm_currency: str = "USD"

    @property
    def database_url(self) -> str:
        """The database as a SQLAlchemy URL."""
        return self.database or f"sqlite:///{self.home.resolve() / 'florin.db'}"

    @property
    def tracker_url(self) -> str:
        """Where the dialogue engine keeps its conversations."""
        return self.tracker_database or f"sqlite:///{self.home.resolve() / 'engine.db'}"

    @property
    def local_host(self) -> str:
        """The address at which this machine reaches the gateway."""
        return "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104

    def gateway_url(self, port: int) -> str:
        """The gateway's address for people."""
        return self.public_url or f"http://{self.local_host}:{port}"

    @property
    def registry_dir(self) -> Path:
        """Models under their content hash."""
        return self.home / "registry"

    @property
    def uploads_dir(self) -> Path:
        """Files that people sent, not parsed yet."""
        return self.home / "uploads"

    @property
    def endpoint_file(self) -> Path:
        """What the language model has cost each day and answered, by hash."""
        return self.home / "endpoint.db"

    @property
    def logs_dir(self) -> Path:
        """One log a service; no message text, name or amount stands in it."""
        return self.home / "logs"

    @property
    def run_dir(self) -> Path:
        """What the running stack tells the other commands."""
        return self.home / "run"

    @property
    def engine_models_dir(self) -> Path:
        """Trained dialogue engines, named by the hash of their sources."""
        return self.home / "engine"

    @property
    def data_dir(self) -> Path:
        """The data that ships with Florin."""
        return ROOT / "data"

    @property
    def engine_dir(self) -> Path:
        """The Rasa project."""
        return ROOT / "bot" / "engine"
