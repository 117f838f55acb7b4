"""What a turn leaves behind for the next one to lean on."""

from nlu.words import listed

READS = listed(
    """check_balance list_accounts net_worth safe_to_spend can_afford forecast_balance
    spending_total spending_breakdown spending_compare spending_average spending_trend
    top_merchants biggest_purchases list_transactions last_transaction explain_transaction
    transaction_count income_total next_payday refunds list_subscriptions upcoming_bills
    bill_details bank_fees check_budget check_goals autosave_status list_alerts compare_peers
    refine_query show_more"""
)
"""Turns whose answer reads something: "and last month?" edits it, "more" goes on with it."""
TALKS = listed("""greet goodbye thanks praise complain bot_challenge help tell_joke out_of_scope""")
"""Turns that leave nothing to lean on."""
