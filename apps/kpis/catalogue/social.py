"""How reps are seen in social networks."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.words import COUNT, PERCENT, RATIO, UP
from apps.kpis.declarations import Kind, Kpi, Measure, Ratio, Sum, Unit, before, start, total

SOCIAL = _("Social selling")
ON_READING, ON_POST = _("The day the profile was read, for all that came since the reading before."), _("The day of the post, whenever others reacted.")
AS_READ = _("As the profile was last read by the end of the period, or by now.")
OF_PROFILE, OF_POST = _("The rep whose profile it is."), _("The rep who posted it.")
STANDING = _("The rep whose profile it is, with the team they are in at the end of the period.")
GONE = _("Profiles of reps who have left, from that day on.")

MEASURES = (
    Measure("followers", _("Followers"), "readings", amount="sign * followers", when="sign <> 0", kind=Kind.STOCK),
    Measure(
        "profile_strength",
        _("Strength of profiles"),
        "readings",
        amount="sign * profile_strength",
        when="sign <> 0",
        unknown="profile_strength IS NULL",
        kind=Kind.STOCK,
    ),
    Measure(
        "rated_profiles", _("Profiles with a known strength"), "readings", amount="sign", when="sign <> 0", unknown="profile_strength IS NULL", kind=Kind.STOCK
    ),
    Measure("profile_views", _("Profile views"), "readings", amount="profile_views", when="is_reading"),
    Measure("connection_requests", _("Connection requests sent"), "readings", amount="connection_requests", when="is_reading"),
    Measure("connections_accepted", _("Connection requests accepted"), "readings", amount="connections_accepted", when="is_reading"),
    Measure("inbound_inquiries", _("Inquiries and referrals received"), "readings", amount="inbound_inquiries", when="is_reading"),
    Measure("posts", _("Posts"), "posts"),
    Measure("shares", _("Shares of posts"), "posts", amount="shares"),
    Measure("comments", _("Comments on posts"), "posts", amount="comments"),
    Measure("likes", _("Likes of posts"), "posts", amount="likes"),
)

KPIS = (
    Kpi(
        key="followers",
        name=_("Followers"),
        formula=Sum(total("followers")),
        unit=COUNT,
        better=UP,
        definition=_("The followers of the reps’ profiles at the end of the period, or now, over all networks."),
        family=SOCIAL,
        date_basis=AS_READ,
        owner_basis=STANDING,
        left_out=GONE,
        elsewhere=_("Networks count people; whoever follows a rep in two networks, or two reps, counts twice here."),
    ),
    Kpi(
        key="follower_growth",
        name=_("Follower growth"),
        formula=Ratio(total("followers") - start("followers"), start("followers"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("Followers at the end of the period, or now, against those at its start."),
        family=SOCIAL,
        date_basis=AS_READ,
        owner_basis=STANDING,
        left_out=GONE,
        elsewhere=_("Others give the number of new followers, or leave out followers who went."),
        no_value=_("Nobody’s profile was read before the period began, so there is nothing to compare with."),
    ),
    Kpi(
        key="connection_acceptance",
        name=_("Connection acceptance"),
        formula=Ratio(total("connections_accepted"), total("connection_requests"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("Connection requests accepted in the period, for every hundred sent in it. Requests sent earlier may be among them."),
        family=SOCIAL,
        date_basis=ON_READING,
        owner_basis=OF_PROFILE,
        elsewhere=_("Some tools follow each request to its answer; over short periods that gives another share."),
        minimum_volume=5,
    ),
    Kpi(
        key="inbound_inquiries",
        name=_("Inquiries and referrals"),
        formula=Sum(total("inbound_inquiries")),
        unit=COUNT,
        better=UP,
        definition=_("The inquiries and referrals that reached reps through their profiles in the period."),
        family=SOCIAL,
        date_basis=ON_READING,
        owner_basis=OF_PROFILE,
        elsewhere=_("Others add inquiries by form, e-mail and telephone, which are leads here."),
    ),
    Kpi(
        key="profile_views",
        name=_("Profile views"),
        formula=Sum(total("profile_views")),
        unit=COUNT,
        better=UP,
        definition=_("How often the reps’ profiles were viewed in the period, over all networks."),
        family=SOCIAL,
        date_basis=ON_READING,
        owner_basis=OF_PROFILE,
        elsewhere=_("Networks show a trailing count, such as of 90 days. Enter what came since the reading before."),
    ),
    Kpi(
        key="profile_view_growth",
        name=_("Growth of profile views"),
        formula=Ratio(total("profile_views") - before("profile_views"), before("profile_views"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("Profile views against the period before, up to the same elapsed day."),
        family=SOCIAL,
        date_basis=ON_READING,
        owner_basis=OF_PROFILE,
        elsewhere=_("Others take the networks’ own number, which often is about the last 90 days."),
    ),
    Kpi(
        key="profile_strength",
        name=_("Profile strength"),
        formula=Ratio(total("profile_strength"), total("rated_profiles")),
        unit=Unit.SCORE,
        better=UP,
        definition=_("The strength of the reps’ profiles, 0 to 100, on average at the end of the period, or now. A rep counts with each profile."),
        family=SOCIAL,
        date_basis=AS_READ,
        owner_basis=STANDING,
        left_out=_("Reps without a reading, profiles whose strength the network does not tell, and profiles of reps who have left."),
        elsewhere=_("Each network scores in its own way; compare a profile with itself first."),
        no_value=_("The strength of no profile is known."),
    ),
    *(
        Kpi(
            key=f"{measure}_per_post",
            name=name,
            formula=Ratio(total(measure), total("posts")),
            unit=RATIO,
            better=UP,
            definition=definition,
            family=SOCIAL,
            date_basis=ON_POST,
            owner_basis=OF_POST,
            elsewhere=_("Some tools divide by followers or by views instead of by posts."),
        )
        for measure, name, definition in (
            ("shares", _("Shares per post"), _("How often a post of the period was shared so far, on average.")),
            ("comments", _("Comments per post"), _("How many comments a post of the period got so far, on average.")),
            ("likes", _("Likes per post"), _("How many likes a post of the period got so far, on average.")),
        )
    ),
)
