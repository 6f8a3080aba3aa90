from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.cells.folding import normalise
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import alias_table
from tiktok_segments.export.matching import match_columns

NUMBER = {"user_id", "profile_id", "userInfo.user.id", "userInfo.uid", "author.id"}
TWICE = {normalise(name) for name in NUMBER | {"authorMeta.id", "uid", "id"}}
"""The platform's number stands for the account where there is no handle."""

HEADERS = {
    "de": "Benutzername Abonnenten Gefolgt Herzen Interaktionsrate Verifiziert Land Sprache",
    "fr": "Compte Abonnés Abonnements J'aime Taux_d'engagement Vérifié Pays Langue",
    "es": "Usuario Seguidores Siguiendo Me_gusta Tasa_de_interacción Verificado País Idioma",
    "pt": "Usuário Seguidores Seguindo Curtidas Taxa_de_engajamento Verificado País Idioma",
    "it": "Nome_utente Seguaci Seguiti Mi_piace Tasso_di_coinvolgimento Verificato Paese Lingua",
    "nl": "Gebruikersnaam Volgers Volgend Hartjes Interactiepercentage Geverifieerd Landcode Taal",
    "pl": "Nazwa_użytkownika Obserwujący Obserwowani Polubienia Wskaźnik_zaangażowania "
    "Zweryfikowany Kraj Język",
    "ru": "Аккаунт Подписчики Подписки Лайки Вовлеченность Верифицирован Страна Язык",
    "uk": "Обліковий_запис Підписники Підписки Вподобання Рівень_залученості Верифіковано "
    "Країна Мова",
    "tr": "KULLANICI_ADI Takipçi Takip_edilen Beğeni Etkileşim_oranı Onaylı_hesap Ülke Dil",
    "id": "Nama_pengguna Pengikut Mengikuti Suka Tingkat_interaksi Terverifikasi Negara Bahasa",
    "vi": "Tài_khoản Người_theo_dõi Đang_theo_dõi Lượt_thích Tỷ_lệ_tương_tác Đã_xác_minh "
    "Quốc_gia Ngôn_ngữ",
    "ja": "ユーザー名 フォロワー数 フォロー中 いいね数 エンゲージメント率 認証済み 国 言語",
    "ko": "계정 팔로워_수 팔로잉 좋아요_수 참여율 인증_여부 국가 언어",
    "zh": "用户名 粉丝数 关注数 获赞数 互动率 是否认证 地区 语言",
    "zh traditional": "用戶名 粉絲數 關注中 獲讚數 互動率 已認證 國家 語言",
    "ar": "اسم_المستخدم عدد_المتابعين يتابع الإعجابات معدل_التفاعل موثّق الدولة اللغة",
    "hi": "उपयोगकर्ता_नाम फॉलोअर्स फ़ॉलोइंग लाइक्स सहभागिता_दर सत्यापित देश भाषा",
    "en": "Account Follower Following Like Engagement_Rate Verified Country Language",
}
CANONICAL = ["account_id", "followers", "following", "likes", "engagement_rate", "is_verified",
             "region", "language"]  # fmt: skip


def matched(names: list[str], aliases: dict[str, Any]) -> dict[str, str]:
    matching = match_columns(names, alias_table(aliases))
    return {canonical: names[claim[0]] for canonical, claim in matching.positions.items()}


@pytest.mark.parametrize("language", HEADERS)
def test_headers_of_each_language_are_matched(language: str, aliases: dict[str, Any]) -> None:
    names = [name.replace("_", " ") for name in HEADERS[language].split()]
    assert matched(names, aliases) == dict(zip(CANONICAL, names, strict=True))
    assert matched([name.upper() for name in names], aliases).keys() == set(CANONICAL)


def test_no_name_stands_for_two_columns(aliases: dict[str, Any]) -> None:
    table = alias_table(aliases)
    for section in (table.profile, table.video):
        columns: dict[str, set[str]] = {}
        for canonical, names in section.items():
            for name in names:
                columns.setdefault(name, set()).add(canonical)
        assert {name for name, many in columns.items() if len(many) > 1} <= TWICE


def test_every_name_leaves_something_to_match(aliases: dict[str, Any]) -> None:
    table = alias_table(aliases)
    assert all(names and all(names) for names in [*table.profile.values(), *table.video.values()])


def test_languages_of_names_are_told(aliases: dict[str, Any]) -> None:
    table = alias_table(aliases)
    assert match_columns(["Kullanıcı adı", "Takipçi"], table).languages == {"tr"}
    assert match_columns(["username", "followers"], table).languages <= {"en"}


def test_accents_make_no_difference_but_letters_do() -> None:
    assert normalise("Abonnés") == normalise("abonnes") == normalise("ABONNE\u0301S")
    assert normalise("Подтверждён") == normalise("подтвержден")
    assert normalise("İSİM") == normalise("isim")
    assert normalise("フォロワー") == normalise("ﾌｫﾛﾜｰ")
    assert normalise("バ") != normalise("ハ")
    assert normalise("हिन्दी") != normalise("हन्द")


def test_videos_of_pyktok_are_used_and_likes_given_are_not(aliases: dict[str, Any]) -> None:
    names = ["video_id", "video_timestamp", "video_diggcount", "video_sharecount",
             "video_commentcount", "video_playcount", "author_username", "author_name",
             "author_followercount", "author_followingcount", "author_heartcount",
             "author_videocount", "author_diggcount", "author_verified"]  # fmt: skip
    found = matched(names, aliases)
    assert found["video_likes"] == "video_diggcount"
    assert found["likes"] == "author_heartcount"
    assert "author_diggcount" not in found.values()
    assert set(names) - set(found.values()) == {"author_diggcount"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["channel.username", "channel.followers", "channel.url"],
         {"account_id", "followers", "url"}),
        (["Username", "Full name", "Followers", "Average likes", "Profile URL"],
         {"account_id", "nickname", "followers", "average_likes", "url"}),
        (["tiktok_username", "tiktok_followers", "tiktok_engagement_rate", "tiktok_average_views"],
         {"account_id", "followers", "engagement_rate", "average_views"}),
        (["userInfo.user.uniqueId", "userInfo.statsV2.followerCount",
          "userInfo.statsV2.heartCount"], {"account_id", "followers", "likes"}),
    ],
)  # fmt: skip
def test_names_of_tools_are_matched(
    names: list[str], expected: set[str], aliases: dict[str, Any]
) -> None:
    assert matched(names, aliases).keys() == expected


def test_a_word_for_video_is_no_count_where_each_row_is_one(aliases: dict[str, Any]) -> None:
    for word in ("Video", "Post", "Видео", "影片"):
        names = ["video_id", word, "username", "followers", "views"]
        assert "videos" not in matched(names, aliases)
        assert "videos" in matched([word, "username", "followers"], aliases)


def test_names_known_from_youtube_are_no_sign_of_it_on_tiktok(tmp_path: Path) -> None:
    text = "Channel Name,Channel URL,Handle,Followers\nAnn,https://{}/@ann,ann,5\n"
    (tmp_path / "a.csv").write_text(text.format("www.tiktok.com"))
    assert read_export(tmp_path / "a.csv").frame["url"].tolist() == ["https://www.tiktok.com/@ann"]
    for host in ("www.youtube.com", "example.org"):
        (tmp_path / "b.csv").write_text(text.format(host))
        with pytest.raises(InputError, match="YouTube"):
            read_export(tmp_path / "b.csv")
    accounts = "Channel Name,Channel ID,Account,Followers\nAnn,7,https://vm.tiktok.com/@Ann,5\n"
    (tmp_path / "c.csv").write_text(accounts)
    assert read_export(tmp_path / "c.csv").frame["account_id"].tolist() == ["ann"]


def test_accounts_that_are_addresses_elsewhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("account,followers\nhttps://instagram.com/ann,5\n")
    with pytest.raises(InputError, match="Instagram"):
        read_export(tmp_path / "a.csv")


def test_handles_know_no_case(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "username,followers\n@Ann,5\nann,5\nBob B. (@Bob.B),6\nCAT = Cat the Cat @cat_1,7\n"
        "@dan - Dan D.,8\neve@example.org,9\n6794435137251820550,10\n"
    )
    cleaned = clean_profiles(read_export(tmp_path / "a.csv"))
    assert cleaned.frame["account_id"].tolist() == [
        "ann", "bob.b", "cat_1", "dan", "eve@example.org", "6794435137251820550",
    ]  # fmt: skip
    assert cleaned.rejected["rule"].tolist() == ["identical duplicate"]
