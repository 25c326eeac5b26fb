"""The providers that Planmark knows. Their addresses change without notice: what is here was read in their documentation, and
`tests/site/test_embeds.py` holds an address of each form with what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

from planmark.extensions import EmbedKind
from planmark.site.embeds.provider import MEDIA, Provider, Way, asked, begins

_SLUG = r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_GOOGLE = r"[A-Za-z0-9_-]{20,120}"
_USER = r"(?:u/\d{1,2}/)?"
_OURS = "about|api|apps?|auth|blog|docs|enterprise|event_types|features|help|integrations|login|pricing|settings|signup"
_NOT_A_PERSON = rf"(?!(?:{_OURS})(?:/|$))"

_YOUTUBE = "https://www.youtube-nocookie.com/embed/"
_VIDEO = r"[A-Za-z0-9_-]{11}"
_VIMEO = "https://player.vimeo.com/video/{id}?dnt=1&autoplay=1"
_WISTIA = "https://fast.wistia.net/embed/iframe/{id}?dnt=1&autoPlay=true"
_VIDYARD = "https://play.vidyard.com/{id}?disable_analytics=1&autoplay=1"


def _google(name: str, kind: EmbedKind, folder: str, published: str, shown: str) -> Provider:
    """One of Google's editors: a file by its id, or what was published to the web."""
    at = f"https://docs.google.com/{folder}/d"
    return Provider(
        name=name,
        kind=kind,
        hosts=("docs.google.com",),
        frames=("docs.google.com",),
        ways=(
            Way(rf"{folder}/{_USER}d/e/(?P<id>{_GOOGLE})/{published}", f"{at}/e/{{id}}/{shown}"),
            Way(rf"{folder}/{_USER}d/(?P<id>{_GOOGLE})(?:/(?:edit|view|preview|present|copy|mobilebasic))?", f"{at}/{{id}}/preview"),
        ),
    )


PROVIDERS: Mapping[str, Provider] = {
    "youtube": Provider(
        name="YouTube",
        kind="video",
        hosts=("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "www.youtube-nocookie.com", "youtube-nocookie.com"),
        frames=("www.youtube-nocookie.com",),
        allow=MEDIA,
        tells_origin=True,  # without a referrer it refuses to play (error 153)
        ways=(
            Way("watch", _YOUTUBE + "{id}?rel=0&autoplay=1", query=("v", _VIDEO), further=begins),
            Way(rf"(?:shorts|live|embed|v)/(?P<id>{_VIDEO})", _YOUTUBE + "{id}?rel=0&autoplay=1", further=begins),
            Way(rf"(?P<id>{_VIDEO})", _YOUTUBE + "{id}?rel=0&autoplay=1", hosts=("youtu.be",), further=begins),
            Way("playlist", _YOUTUBE + "videoseries?list={id}&rel=0&autoplay=1", query=("list", r"[A-Za-z0-9_-]{12,64}")),
        ),
    ),
    "vimeo": Provider(
        name="Vimeo",
        kind="video",
        hosts=("vimeo.com", "www.vimeo.com", "player.vimeo.com"),
        frames=("player.vimeo.com",),
        allow=MEDIA,
        tells_origin=True,  # videos may be restricted to sites
        ways=(
            Way(r"(?P<id>\d{6,12})", _VIMEO, hosts=("vimeo.com", "www.vimeo.com"), further=asked("h", "[0-9a-f]{8,16}", "&h={}")),
            Way(r"(?P<id>\d{6,12})/(?P<hash>[0-9a-f]{8,16})", _VIMEO + "&h={hash}", hosts=("vimeo.com", "www.vimeo.com")),
            Way(r"(?:channels/[a-z0-9_-]+|groups/[a-z0-9_-]+/videos|showcase/\d+/video)/(?P<id>\d{6,12})", _VIMEO),
            Way(r"video/(?P<id>\d{6,12})", _VIMEO, hosts=("player.vimeo.com",), further=asked("h", "[0-9a-f]{8,16}", "&h={}")),
        ),
    ),
    "loom": Provider(
        name="Loom",
        kind="video",
        hosts=("loom.com", "www.loom.com"),
        frames=("www.loom.com",),
        allow=MEDIA,
        ways=(Way(r"(?:share|embed)/(?:[A-Za-z0-9-]{1,120}-)?(?P<id>[0-9a-f]{32})", "https://www.loom.com/embed/{id}?autoplay=1"),),
    ),
    "wistia": Provider(
        name="Wistia",
        kind="video",
        hosts=(".wistia.com", "fast.wistia.net"),
        frames=("fast.wistia.net",),
        allow=MEDIA,
        tells_origin=True,
        ways=(Way(r"(?:medias|embed/iframe|embed/medias)/(?P<id>[a-z0-9]{10})", _WISTIA),),
    ),
    "vidyard": Provider(
        name="Vidyard",
        kind="video",
        hosts=("video.vidyard.com", "share.vidyard.com", "play.vidyard.com"),
        frames=("play.vidyard.com",),
        allow=MEDIA,
        tells_origin=True,
        ways=(
            Way(r"watch/(?P<id>[A-Za-z0-9_-]{16,32})", _VIDYARD),
            Way(r"(?P<id>[A-Za-z0-9_-]{16,32})(?:\.html)?", _VIDYARD, hosts=("play.vidyard.com",)),
        ),
    ),
    "google-slides": _google("Google Slides", "deck", "presentation", "(?:pub|embed|pubembed)", "embed"),
    "google-docs": _google("Google Docs", "document", "document", "pub", "pub?embedded=true"),
    "google-sheets": _google("Google Sheets", "document", "spreadsheets", "(?:pub|pubhtml)", "pubhtml?widget=true&headers=false"),
    "google-forms": Provider(
        name="Google Forms",
        kind="form",
        hosts=("docs.google.com",),
        frames=("docs.google.com",),
        ways=(Way(rf"forms/d/e/(?P<id>{_GOOGLE})/viewform", "https://docs.google.com/forms/d/e/{id}/viewform?embedded=true"),),
    ),
    "google-drive": Provider(
        name="Google Drive",
        kind="document",
        hosts=("drive.google.com",),
        frames=("drive.google.com",),
        ways=(
            Way(rf"file/{_USER}d/(?P<id>{_GOOGLE})(?:/(?:view|preview|edit))?", "https://drive.google.com/file/d/{id}/preview"),
            Way("open", "https://drive.google.com/file/d/{id}/preview", query=("id", _GOOGLE)),
        ),
    ),
    "figma": Provider(
        name="Figma",
        kind="board",
        hosts=("figma.com", "www.figma.com", "embed.figma.com"),
        frames=("embed.figma.com", "www.figma.com"),
        ways=(
            Way(
                r"file/(?P<id>[A-Za-z0-9]{22,128})(?:/[^/]*)?",
                "https://embed.figma.com/design/{id}?embed-host=planmark",
                further=asked("node-id", r"\d{1,8}-\d{1,8}", "&node-id={}"),
            ),
            Way(
                r"(?P<type>design|proto|board|slides|deck)/(?P<id>[A-Za-z0-9]{22,128})(?:/[^/]*)?",
                "https://embed.figma.com/{type}/{id}?embed-host=planmark",
                further=asked("node-id", r"\d{1,8}-\d{1,8}", "&node-id={}"),
            ),
        ),
    ),
    "canva": Provider(
        name="Canva",
        kind="deck",
        hosts=("canva.com", "www.canva.com"),
        frames=("www.canva.com",),
        ways=(
            Way(
                r"design/(?P<id>[A-Za-z0-9_-]{8,16})(?P<token>/[A-Za-z0-9_-]{16,32})?/(?P<how>view|watch)",
                "https://www.canva.com/design/{id}{token}/{how}?embed",
            ),
        ),
    ),
    "pitch": Provider(
        name="Pitch",
        kind="deck",
        hosts=("pitch.com", "app.pitch.com"),
        frames=("pitch.com",),
        ways=(
            Way(rf"(?:embed|public)/(?P<id>{_UUID})", "https://pitch.com/embed/{id}", hosts=("pitch.com",)),
            Way(r"embed-link/(?P<id>[a-z0-9]{4,16})", "https://pitch.com/embed-link/{id}", hosts=("pitch.com",)),
            Way(rf"app/public/player/(?P<id>{_UUID})", "https://pitch.com/embed/{id}", hosts=("app.pitch.com",)),
        ),
    ),
    "typeform": Provider(
        name="Typeform",
        kind="form",
        hosts=(".typeform.com",),
        frames=(".typeform.com",),
        ways=(Way(r"to/(?P<id>[A-Za-z0-9]{6,16})", "https://{host}/to/{id}"),),
    ),
    "calendly": Provider(
        name="Calendly",
        kind="meeting",
        hosts=("calendly.com", "www.calendly.com"),
        frames=("calendly.com",),
        ways=(
            Way(
                rf"{_NOT_A_PERSON}(?P<id>{_SLUG}(?:/{_SLUG}){{0,2}})",
                "https://calendly.com/{id}?embed_domain=planmark&embed_type=Inline&hide_gdpr_banner=0",
            ),
        ),
    ),
    "cal": Provider(
        name="Cal.com",
        kind="meeting",
        hosts=("cal.com", "www.cal.com", "app.cal.com"),
        frames=("cal.com", "app.cal.com"),
        ways=(Way(rf"{_NOT_A_PERSON}(?P<id>{_SLUG}/{_SLUG}(?:/{_SLUG})?)", "https://cal.com/{id}?layout=month_view"),),
    ),
    "hubspot-meetings": Provider(
        name="HubSpot Meetings",
        kind="meeting",
        hosts=("meetings.hubspot.com", "meetings-eu1.hubspot.com", "meetings-na2.hubspot.com", "meetings-ap1.hubspot.com"),
        frames=(".hubspot.com",),
        ways=(Way(rf"(?P<id>{_SLUG}(?:/{_SLUG}){{0,2}})", "https://{host}/{id}?embed=true"),),
    ),
    "arcade": Provider(
        name="Arcade",
        kind="tour",
        hosts=("app.arcade.software", "demo.arcade.software"),
        frames=("demo.arcade.software",),
        allow=("clipboard-write",),
        ways=(
            Way(r"share/(?P<id>[A-Za-z0-9]{20})", "https://demo.arcade.software/{id}?embed"),
            Way(r"(?P<id>[A-Za-z0-9]{20})", "https://demo.arcade.software/{id}?embed", hosts=("demo.arcade.software",)),
        ),
    ),
    "navattic": Provider(
        name="Navattic",
        kind="tour",
        hosts=("capture.navattic.com",),
        frames=("capture.navattic.com",),
        ways=(Way(r"(?P<id>[a-z0-9]{16,40})", "https://capture.navattic.com/{id}"),),
    ),
    "storylane": Provider(
        name="Storylane",
        kind="tour",
        hosts=("app.storylane.io",),
        frames=("app.storylane.io",),
        ways=(Way(r"(?:share|demo)/(?P<id>[a-z0-9]{12})", "https://app.storylane.io/demo/{id}?embed=inline"),),
    ),
    "miro": Provider(
        name="Miro",
        kind="board",
        hosts=("miro.com", "www.miro.com"),
        frames=("miro.com",),
        ways=(
            Way(
                r"app/(?:board|live-embed)/(?P<id>[A-Za-z0-9_-]{8,20}=)",
                "https://miro.com/app/live-embed/{id}/?embedMode=view_only_without_ui",
            ),
        ),
    ),
    "airtable": Provider(
        name="Airtable",
        kind="board",
        hosts=("airtable.com", "www.airtable.com"),
        frames=("airtable.com",),
        ways=(
            Way(
                r"(?:embed/)?(?P<id>(?:app[A-Za-z0-9]{14}/)?shr[A-Za-z0-9]{14})(?:/[A-Za-z0-9/]{0,80})?",
                "https://airtable.com/embed/{id}",
            ),
            Way(
                r"(?:embed/)?(?P<id>app[A-Za-z0-9]{14}/pag[A-Za-z0-9]{14})/form",
                "https://airtable.com/embed/{id}/form",
            ),
        ),
    ),
}
"""By the name under which another one may not be added."""
