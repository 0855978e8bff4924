"""What the database itself keeps true about subscriptions, whatever path writes them: the movements and paying customers that follow."""

import pgtrigger

from apps.core import statements

SUBSCRIPTION, MOVEMENT, ACCOUNT = "customers_subscription", "customers_movement", "customers_payingaccount"

# What each customer pays a month on each rep's subscriptions (`paid`), and by how much that changed, on every day on which anything changed.
# A subscription without an amount, or that ends as it starts, pays nothing. One in another currency without a rate pays, nobody knows how
# much: `unrated` counts those that run, `unrated_change` those that begin, less those that end.
NO_RATE = "mrr IS NULL AND original_amount > 0"
GRID = f"""
    edge AS (
        SELECT customer_id, rep_id, started_on AS day, coalesce(mrr, 0) AS change, ({NO_RATE})::int AS unrated FROM {SUBSCRIPTION}
            WHERE customer_id = ANY(ids) AND (mrr > 0 OR {NO_RATE}) AND (ended_on > started_on OR ended_on IS NULL)
        UNION ALL
        SELECT customer_id, rep_id, ended_on, -coalesce(mrr, 0), -({NO_RATE})::int FROM {SUBSCRIPTION}
            WHERE customer_id = ANY(ids) AND (mrr > 0 OR {NO_RATE}) AND ended_on > started_on
    ), own AS (
        SELECT customer_id, rep_id, day, sum(change) AS change, sum(unrated) AS unrated FROM edge GROUP BY 1, 2, 3
    ), grid AS (
        SELECT customer_id, day, rep_id, coalesce(change, 0) AS change, coalesce(unrated, 0) AS unrated_change,
            sum(coalesce(change, 0)) OVER until AS paid, sum(coalesce(unrated, 0)) OVER until AS unrated
        FROM (SELECT DISTINCT customer_id, day FROM own) d JOIN (SELECT DISTINCT customer_id, rep_id FROM own) r USING (customer_id)
        LEFT JOIN own USING (customer_id, day, rep_id)
        WINDOW until AS (PARTITION BY customer_id, rep_id ORDER BY day)
    )"""
# The change of the customer's sum (`of_all`) goes to the reps whose own part changed in its direction, by how much it did;
# parts are cut out of rounded running totals, so that they add up to the change exactly. While a subscription without a rate runs, or
# as it begins or ends, nobody can say what kind a change is: it is set apart, and no customer comes or goes by it.
MOVEMENTS = f"""
    WITH {GRID}, summed AS (
        SELECT *, sum(change) OVER that_day AS of_all, sum(paid) OVER that_day AS paid_by_all,
            sum(unrated) OVER that_day AS unrated_of_all, sum(unrated - unrated_change) OVER that_day AS unrated_before
        FROM grid WINDOW that_day AS (PARTITION BY customer_id, day)
    ), named AS (
        SELECT *, CASE WHEN unrated_of_all + unrated_before > 0 THEN 0 ELSE greatest(sign(of_all) * change, 0) END AS along,
            CASE WHEN unrated_of_all + unrated_before > 0 THEN 'unrated'
                WHEN of_all = 0 THEN 'passed'
                WHEN paid_by_all = 0 THEN 'churned'
                WHEN paid_by_all > of_all THEN CASE WHEN of_all > 0 THEN 'expansion' ELSE 'contraction' END
                WHEN day = min(day) FILTER (WHERE paid_by_all > 0 OR unrated_of_all > 0) OVER (PARTITION BY customer_id) THEN 'new'
                ELSE 'reactivated' END AS kind
        FROM summed
    ), shared AS (
        SELECT *, sum(along) OVER that_day AS of_along, sum(along) OVER (that_day ORDER BY rep_id) AS up_to
        FROM named WINDOW that_day AS (PARTITION BY customer_id, day)
    )
    SELECT customer_id, rep_id, day AS moved_on, kind, change,
        coalesce(round(abs(of_all) * up_to / nullif(of_along, 0), 6) - round(abs(of_all) * (up_to - along) / nullif(of_along, 0), 6), 0) AS amount
    FROM shared WHERE change <> 0 OR unrated_change <> 0
"""
ACCOUNTS = f"""
    WITH {GRID}, paying AS (
        SELECT customer_id, day, array_agg(rep_id ORDER BY rep_id) FILTER (WHERE paid > 0) AS reps FROM grid GROUP BY 1, 2
    ), turns AS (
        SELECT *, reps IS DISTINCT FROM lag(reps) OVER (PARTITION BY customer_id ORDER BY day) AS is_turn FROM paying
    ), times AS (
        SELECT customer_id, reps, day AS valid_from, lead(day) OVER (PARTITION BY customer_id ORDER BY day) AS valid_to FROM turns WHERE is_turn
    )
    SELECT customer_id, reps, valid_from, valid_to FROM times WHERE reps IS NOT NULL
"""


def replaced(table: str, columns: str, select: str) -> str:
    """Put what a SELECT gives in place of the customers' rows; what stays as it is, is left alone."""
    return f"""
    WITH fresh AS MATERIALIZED ({select}), gone AS (
        DELETE FROM {table} t WHERE customer_id = ANY(ids) AND NOT EXISTS (
            SELECT FROM fresh f WHERE f.customer_id = t.customer_id AND ({_of("f", columns)}) IS NOT DISTINCT FROM ({_of("t", columns)}))
    )
    INSERT INTO {table} ({columns}) SELECT {columns} FROM fresh EXCEPT SELECT {columns} FROM {table} WHERE customer_id = ANY(ids);"""


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))


# The customers are locked, so that two writes about one of them wait for each other.
KEEP = f"""
    PERFORM FROM customers_customer WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    {replaced(MOVEMENT, "customer_id, rep_id, moved_on, kind, change, amount", MOVEMENTS)}
    {replaced(ACCOUNT, "customer_id, reps, valid_from, valid_to", ACCOUNTS)}
    RETURN NULL;
"""


def keep_movements() -> list[pgtrigger.Trigger]:
    """Return the triggers that make the movements and paying times of the customers whose subscriptions a statement wrote."""
    of_new, of_old = "SELECT customer_id FROM new_rows", "SELECT customer_id FROM old_rows"
    queries = {
        "insert": f"SELECT DISTINCT customer_id FROM ({of_new}) t",
        "update": f"{of_new} UNION {of_old}",
        "delete": f"SELECT DISTINCT customer_id FROM ({of_old}) t",
    }
    return statements.about("keep_movements_after_{}", KEEP, queries)
