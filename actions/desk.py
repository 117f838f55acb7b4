"""What one turn may look at: one person's ledger up to their now, each part read when needed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ledger import disputes, filing, hiding, people, plans, portable, queries, rules, store
from ledger.accounts import Balance, balances
from ledger.queries import Counterparty, Row, Where
from ledger.rules import COUNTERPARTY, Rule
from ledger.scope import TurnScope, UserScope
from ledger.types import Account, Person, Stream

DAY = timedelta(days=1)


class Desk:
    """Reads for one turn. Rows booked after the turn's today are not there yet.

    Attributes:
        today: The day it is for the person, in their time zone.
        tomorrow: The open end of everything that has happened.
    """

    def __init__(self, connection: Connection, turn: TurnScope) -> None:
        self._connection = connection
        self.turn = turn
        self._names: dict[str, str | None] = {}
        self.scope: UserScope = turn.user
        self.today: date = turn.now.astimezone(ZoneInfo(self.person.timezone)).date()
        self.tomorrow: date = self.today + DAY

    @property
    def connection(self) -> Connection:
        """The turn's one state of the database, for a topic that keeps tables of its own."""
        return self._connection

    @property
    def channel(self) -> str:
        """Where the turn is said: ``web``, ``telegram`` or ``terminal``."""
        return self.turn.conversation_id.partition(":")[0]

    @cached_property
    def person(self) -> Person:
        """Who asks.

        Raises:
            UnknownPersonError: The token names somebody who is no longer there.
        """
        return people.get_person(self._connection, self.scope.person_id)

    @cached_property
    def accounts(self) -> list[Account]:
        """Their accounts: current ones first, then savings, cards and the rest."""
        order = {"checking": 0, "savings": 1, "investment": 2, "credit": 3, "loan": 4}
        listed = [one for one in self.all_accounts if one.id not in self.hidden]
        return sorted(listed, key=lambda account: (order.get(account.type, 5), account.id))

    @cached_property
    def all_accounts(self) -> list[Account]:
        """Their accounts by id, those that they have hidden, too."""
        return store.accounts(self._connection, self.scope)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The ids of accounts that no answer looks at."""
        return hiding.hidden(self._connection, self.scope)

    @cached_property
    def disputed(self) -> Mapping[str, datetime]:
        """The ids of rows that they do not recognise, and when they said so."""
        return disputes.marked(self._connection, self.scope)

    @cached_property
    def counterparties(self) -> list[Counterparty]:
        """Everybody they have paid or been paid by."""
        return queries.counterparties(self._connection, self.scope)

    @cached_property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day with a row, up to today."""
        return queries.span(self._connection, self.scope, self.tomorrow)

    @cached_property
    def streams(self) -> list[Stream]:
        """Their recurring payments and incomes, each once.

        The same rows can be found as two streams where a price has changed; the rows then name
        the later one.
        """
        found = store.streams(self._connection, self.scope)
        if self.hidden:
            seen = hiding.streams_elsewhere(self._connection, self.scope, self.hidden)
            found = [one for one in found if one.id in seen]
        same = {
            (s.counterparty_id, s.category, s.next_minor, s.first_on, s.last_on, s.count): s
            for s in found
        }
        return list(same.values())

    def rows(self, where: Where) -> list[Row]:
        """The rows that match, newest first; whom the person confirmed is sure."""
        found = queries.rows(self._connection, self.scope, replace(where, without=self.hidden))
        sure = {rule.value["transaction_id"] for rule in self.rules if rule.kind == COUNTERPARTY}
        if not sure:
            return found
        return [
            replace(row, counterparty_confidence=filing.SURE) if row.id in sure else row
            for row in found
        ]

    def described(self, text: str) -> list[Row]:
        """The rows whose bank text contains ``text``."""
        where = Where(self.tomorrow, without=self.hidden)
        return queries.described(self._connection, self.scope, where, text)

    def balances(self, day: date) -> list[Balance]:
        """Each account's balance at the end of a day, in the order of `accounts`."""
        by_id = {
            balance.account.id: balance for balance in balances(self._connection, self.scope, day)
        }
        return [by_id[account.id] for account in self.accounts]

    @property
    def budgets(self) -> list[plans.Budget]:
        """Their budgets, as they are now."""
        return plans.budgets(self._connection, self.scope)

    @property
    def goals(self) -> list[plans.Goal]:
        """Their goals with what is saved, as they are now."""
        return plans.goals(self._connection, self.scope)

    def save_budget(self, budget: plans.Budget) -> None:
        """Stores a budget in place of the one on the same subject."""
        plans.save_budget(self._connection, self.scope, budget)

    def delete_budgets(self, ids: Collection[str]) -> None:
        """Removes budgets."""
        plans.delete_budgets(self._connection, self.scope, list(ids))

    def save_goal(self, goal: plans.Goal) -> None:
        """Stores a goal; what was put to it stays."""
        plans.save_goal(self._connection, self.scope, goal)

    def delete_goals(self, ids: Collection[str]) -> None:
        """Removes goals with what was put to them."""
        plans.delete_goals(self._connection, self.scope, list(ids))

    def move_to_goal(self, goal: plans.Goal, minor: int) -> None:
        """Notes once for this turn that money was put to a goal, or taken where negative."""
        plans.move_to_goal(
            self._connection,
            self.scope,
            goal.id,
            turn_id=self.turn.turn_id,
            minor=minor,
            on=self.today,
        )

    def kept(self) -> tuple[int, int]:
        """How many transactions and accounts are kept of them, hidden ones too."""
        return portable.kept(self._connection, self.scope)

    @cached_property
    def rules(self) -> list[Rule]:
        """What they taught, the latest last."""
        return rules.list_rules(self._connection, self.scope)

    @cached_property
    def month_start(self) -> int:
        """The day on which their month starts, 1 unless they taught another."""
        said = [int(rule.value["day"]) for rule in self.rules if rule.kind == rules.MONTH]
        return said[-1] if said else 1

    def teach(self, *taught: Rule) -> None:
        """Stores rules as the latest."""
        for rule in taught:
            rules.add_rule(self._connection, self.scope, rule)
        self._forget_rules()

    def unteach(self, ids: Collection[str]) -> None:
        """Removes rules."""
        rules.remove_rules(self._connection, self.scope, list(ids))
        self._forget_rules()

    def _forget_rules(self) -> None:
        for name in ("rules", "month_start"):
            self.__dict__.pop(name, None)

    def refile(self, filings: Sequence[filing.Filing]) -> None:
        """Files their rows as these say and nothing else."""
        filing.refile(self._connection, self.scope, filings)

    def account(self, account_id: str) -> Account | None:
        """The account of this id, if it is theirs."""
        return next((one for one in self.accounts if one.id == account_id), None)

    def name_of(self, counterparty_id: str) -> str | None:
        """What a counterparty is called, None if they have had nothing to do with it."""
        if counterparty_id not in self._names:
            self._names[counterparty_id] = queries.counterparty_name(
                self._connection, self.scope, counterparty_id
            )
        return self._names[counterparty_id]

    def paid_for(self, categories: Collection[str]) -> list[Counterparty]:
        """Everybody they have rows of these categories with."""
        return queries.counterparties(self._connection, self.scope, categories=categories)

    def of_type(self, kind: str) -> frozenset[str]:
        """The ids of their accounts of a type."""
        return frozenset(account.id for account in self.accounts if account.type == kind)
