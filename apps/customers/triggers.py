"""What the database itself keeps true about subscriptions, whatever path writes them: the movements that follow from them."""

import pgtrigger

SUBSCRIPTION, MOVEMENT = "customers_subscription", "customers_movement"

# One row for each customer, day and rep on which something changes. A subscription without an amount, or that ends as it starts, pays nothing.
MOVEMENTS = f"""
    WITH edge AS (
        SELECT customer_id, rep_id, started_on AS day, coalesce(mrr, 0) AS change, (mrr IS NULL)::int AS unpriced FROM {SUBSCRIPTION}
            WHERE customer_id = ANY(ids) AND (mrr > 0 OR mrr IS NULL) AND (ended_on > started_on OR ended_on IS NULL)
        UNION ALL
        SELECT customer_id, rep_id, ended_on, -coalesce(mrr, 0), -(mrr IS NULL)::int FROM {SUBSCRIPTION}
            WHERE customer_id = ANY(ids) AND (mrr > 0 OR mrr IS NULL) AND ended_on > started_on
    ), own AS (
        SELECT customer_id, rep_id, day, sum(change) AS change, sum(unpriced) AS unpriced FROM edge GROUP BY 1, 2, 3
    ), grid AS (
        SELECT customer_id, day, rep_id, coalesce(change, 0) AS change, coalesce(unpriced, 0) AS unpriced,
            sum(coalesce(change, 0)) OVER (PARTITION BY customer_id, rep_id ORDER BY day) AS paid
        FROM (SELECT DISTINCT customer_id, day FROM own) d JOIN (SELECT DISTINCT customer_id, rep_id FROM own) r USING (customer_id)
        LEFT JOIN own USING (customer_id, day, rep_id)
    ), summed AS (
        SELECT *, sum(change) OVER that_day AS of_all, sum(paid) OVER that_day AS paid_by_all,
            sum(greatest(change, 0)) OVER that_day AS up, sum(greatest(-change, 0)) OVER that_day AS down,
            (paid > 0 AND rank() OVER (that_day ORDER BY paid DESC, rep_id) = 1)::int AS has_account
        FROM grid WINDOW that_day AS (PARTITION BY customer_id, day)
    ), named AS (
        SELECT *, has_account - coalesce(lag(has_account) OVER (PARTITION BY customer_id, rep_id ORDER BY day), 0) AS accounts,
            CASE WHEN of_all = 0 THEN 'passed'
                WHEN paid_by_all = 0 THEN 'churned'
                WHEN paid_by_all > of_all THEN CASE WHEN of_all > 0 THEN 'expansion' ELSE 'contraction' END
                WHEN day = min(day) FILTER (WHERE paid_by_all > 0) OVER (PARTITION BY customer_id) THEN 'new'
                ELSE 'reactivated' END AS kind
        FROM summed
    )
    SELECT customer_id, rep_id, day AS moved_on, kind, change, accounts, unpriced,
        round(CASE WHEN of_all > 0 THEN of_all * greatest(change, 0) / up WHEN of_all < 0 THEN of_all * least(change, 0) / down ELSE 0 END, 6) AS amount
    FROM named WHERE change <> 0 OR accounts <> 0 OR unpriced <> 0
"""
COLUMNS = "customer_id, rep_id, moved_on, kind, change, amount, accounts, unpriced"

# The customers are locked, so that two writes about one of them wait for each other. What stays as it is, is left alone.
KEEP = f"""
    PERFORM FROM customers_customer WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    WITH fresh AS MATERIALIZED ({MOVEMENTS}), gone AS (
        DELETE FROM {MOVEMENT} WHERE customer_id = ANY(ids) AND ({COLUMNS}) NOT IN (SELECT {COLUMNS} FROM fresh)
    )
    INSERT INTO {MOVEMENT} ({COLUMNS}) SELECT {COLUMNS} FROM fresh
        EXCEPT SELECT {COLUMNS} FROM {MOVEMENT} WHERE customer_id = ANY(ids);
    RETURN NULL;
"""


def keep_movements() -> list[pgtrigger.Trigger]:
    """Return the triggers that make the movements of the customers whose subscriptions a statement wrote."""
    old, new = pgtrigger.Referencing(old="old_rows"), pgtrigger.Referencing(new="new_rows")
    both_rows = pgtrigger.Referencing(old="old_rows", new="new_rows")
    of_new, of_old = "SELECT customer_id FROM new_rows", "SELECT customer_id FROM old_rows"
    return [
        pgtrigger.Trigger(
            name=f"keep_movements_after_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            declare=[("ids", "bigint[]")],
            func=f"ids := ARRAY({customers}); {KEEP}",
        )
        for name, operation, referencing, customers in (
            ("insert", pgtrigger.Insert, new, f"SELECT DISTINCT customer_id FROM ({of_new}) t"),
            ("update", pgtrigger.Update, both_rows, f"{of_new} UNION {of_old}"),
            ("delete", pgtrigger.Delete, old, f"SELECT DISTINCT customer_id FROM ({of_old}) t"),
        )
    ]
