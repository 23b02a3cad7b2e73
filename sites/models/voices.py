"""What people say of a place, and what it looks like: remarks, those who sent them, photos."""

from django.conf import settings
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites import tickets
from sites.choices import RemarkKind, RemarkStatus, Source
from sites.fields import coordinates_in_range, one_of, recorded
from sites.models.places import Provenance, Region, Site, Village
from sites.querysets import RemarkQuerySet

PICTURE = r"^[0-9a-f]{32}$"


@recorded
class Photo(Provenance):
    """A picture of a place: two JPEG files without any trace of the camera, named by content."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="photos", verbose_name=_("场所"))
    file = models.CharField(_("文件"), max_length=32, validators=[RegexValidator(PICTURE)])
    width = models.PositiveIntegerField(_("宽(像素)"))
    height = models.PositiveIntegerField(_("高(像素)"))
    alt = models.CharField(
        _("画面里是什么"), max_length=120, help_text=_("读给看不见照片的人听,如“广场东侧的宪法墙”")
    )
    credit = models.CharField(
        _("拍摄者或出处"), max_length=60, help_text=_("公开显示;单位名即可,如“昆都仑区司法局”")
    )
    taken_on = models.DateField(_("拍摄日期"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("先后"), default=0)

    class Meta:
        verbose_name = _("照片")
        verbose_name_plural = pgettext_lazy("plural", "照片")
        ordering = ["order", "pk"]
        constraints = [
            one_of("source", Source, "photo_source_known"),
            models.UniqueConstraint(fields=["site", "file"], name="photo_once_a_site"),
            models.CheckConstraint(condition=Q(file__regex=PICTURE), name="photo_file_plain"),
            models.CheckConstraint(
                condition=~Q(alt="") & ~Q(credit=""), name="photo_described_and_credited"
            ),
        ]

    def __str__(self) -> str:
        return self.alt


@recorded
class Remark(models.Model):
    """What somebody says of a place: closed, wrong, something else. Read by its stewards only.

    `county` is where the place lies. `point`: where it really is. `answer` is public, and says
    what was done; a remark is open, or was answered.
    """

    number = models.CharField(
        _("查询编号"), max_length=tickets.LENGTH, unique=True, default=tickets.make, editable=False
    )
    kind = models.CharField(_("说什么"), max_length=10, choices=RemarkKind)
    site = models.ForeignKey(
        Site,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="remarks",
        verbose_name=_("场所"),
    )
    village = models.ForeignKey(
        Village,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="remarks",
        verbose_name=_("村(社区)"),
    )
    county = models.ForeignKey(
        Region, models.CASCADE, related_name="remarks", verbose_name=_("旗县区")
    )
    words = models.CharField(_("内容"), max_length=500, blank=True)
    point = models.PointField(_("标出的位置"), null=True, blank=True)
    sent_at = models.DateTimeField(_("收到时间"))
    status = models.CharField(
        _("状态"), max_length=10, choices=RemarkStatus, default=RemarkStatus.OPEN
    )
    answer = models.CharField(_("答复(公开)"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复人"),
    )
    source = models.CharField(_("来源"), max_length=20, choices=Source, default=Source.OFFICIAL)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("留言")
        verbose_name_plural = pgettext_lazy("plural", "留言")
        ordering = ["sent_at", "pk"]
        constraints = [
            one_of("kind", RemarkKind, "remark_kind_known"),
            one_of("status", RemarkStatus, "remark_status_known"),
            one_of("source", Source, "remark_source_known"),
            coordinates_in_range("point", "remark_in_range"),
            models.CheckConstraint(
                condition=Q(site=None) ^ Q(village=None), name="remark_of_one_place"
            ),
            models.CheckConstraint(
                condition=Q(status=RemarkStatus.OPEN, answered_at=None)
                | (~Q(status=RemarkStatus.OPEN) & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="remark_open_or_answered",
                violation_error_message=_("处理了的留言要有答复和答复时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.place}"

    @property
    def place(self) -> Site | Village:
        """What it is about."""
        return self.site or self.village


class Sender(models.Model):
    """Who sent the message with a number, as far as we are told; forgotten after some days.

    Without a history, and apart from the message: what is deleted here is gone. `mark` tells the
    messages of one sender from those of others, and does not lead back to an address.
    """

    number = models.CharField(_("查询编号"), primary_key=True, max_length=tickets.LENGTH)
    mark = models.CharField(max_length=32, editable=False)
    contact = models.CharField(_("联系方式"), max_length=60, blank=True)
    sent_at = models.DateTimeField(_("收到时间"), db_index=True)

    class Meta:
        verbose_name = _("留言人")
        verbose_name_plural = pgettext_lazy("plural", "留言人")
        indexes = [models.Index(fields=["mark", "sent_at"], name="sender_lately")]

    def __str__(self) -> str:
        return tickets.shown(self.number)
