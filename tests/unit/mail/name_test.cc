// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/name.h"

#include <string>

#include <gtest/gtest.h>

#include "index/base/utf8.h"

namespace leakfs::mail {
namespace {

TEST(SafeName, LettersOfAnyScriptStay) {
  EXPECT_EQ(safe_name("Été-Журнал_日本9"), "Été-Журнал_日本9");
}

TEST(SafeName, RunOfWhiteSpaceIsOneHyphen) { EXPECT_EQ(safe_name("a \t\u00A0\n b"), "a-b"); }

TEST(SafeName, SlashesAndShellCharactersBecomeUnderscores) {
  EXPECT_EQ(safe_name("a/b\\c$d`e'f\"g*h?i;j&k|l"), "a_b_c_d_e_f_g_h_i_j_k_l");
}

TEST(SafeName, ControlAndBidirectionalCharactersBecomeUnderscores) {
  EXPECT_EQ(safe_name("a\x1b[2Jb\u202Egpj.exe\u200Bc"), "a__2Jb_gpj.exe_c");
}

TEST(SafeName, NeverHiddenNorAnOptionNorAHomeFolder) {
  EXPECT_EQ(safe_name(".-~..profile"), "profile");
  EXPECT_EQ(safe_name(".."), "");
  EXPECT_EQ(safe_name("-rf"), "rf");
}

TEST(SafeName, IsComposed) { EXPECT_EQ(safe_name("e\u0301te\u0301"), "été"); }

TEST(SafeName, TwiceIsOnce) {
  for (const char* text : {" - a", "a\u200B\u0301b", "=\u0338x", "- . -x", "\xff\xfe", "~a~"}) {
    const std::string once = safe_name(text);
    EXPECT_EQ(safe_name(once), once) << text;
    EXPECT_TRUE(is_utf8(once));
  }
}

TEST(MessageName, HasDateSenderSubjectAndId) {
  EXPECT_EQ(message_name({.date = 1493022125,
                          .sender = "alice@example.org",
                          .subject = "Budget de campagne",
                          .id = "1a2b3c4d5e6f7a8b"}),
            "2017-04-24_08.22.05_alice@example.org_Budget-de-campagne_1a2b3c4d5e6f7a8b");
}

TEST(MessageName, WithoutDateSenderAndSubjectStillNamesTheMessage) {
  EXPECT_EQ(message_name({.date = {}, .sender = "", .subject = "", .id = "1a2b3c4d5e6f7a8b"}),
            "0000-00-00_00.00.00_unknown_1a2b3c4d5e6f7a8b");
}

TEST(MessageName, LongSenderIsCutWithATilde) {
  const std::string sender(65, 'a');
  const std::string name =
      message_name({.date = {}, .sender = sender, .subject = "", .id = "1a2b3c4d5e6f7a8b"});
  EXPECT_EQ(name, "0000-00-00_00.00.00_" + std::string(63, 'a') + "~_1a2b3c4d5e6f7a8b");
  const std::string whole(64, 'a');
  EXPECT_EQ(message_name({.date = {}, .sender = whole, .subject = "", .id = "1a"}),
            "0000-00-00_00.00.00_" + whole + "_1a");
}

TEST(MessageName, KeepsToItsLimit) {
  const MessageNameParts parts = {
      .date = 0, .sender = "a@b", .subject = "", .id = "1a2b3c4d5e6f7a8b"};
  const auto named = [&parts](std::size_t subject_size) {
    const std::string subject(subject_size, 's');
    MessageNameParts with_subject = parts;
    with_subject.subject = subject;
    return message_name(with_subject);
  };
  const std::size_t room = message_name_size_max - message_name(parts).size() - 1;
  EXPECT_EQ(named(room).size(), message_name_size_max);
  EXPECT_EQ(named(room + 1), named(room));
  EXPECT_EQ(named(room - 1).size(), message_name_size_max - 1);
}

TEST(MessageName, IsCutInsideTheSubjectAtACharacter) {
  std::string subject = "a";
  for (int i = 0; i < 200; ++i) subject += "é";
  const std::string name = message_name(
      {.date = 0, .sender = "alice@example.org", .subject = subject, .id = "1a2b3c4d5e6f7a8b"});
  EXPECT_LE(name.size(), message_name_size_max);
  EXPECT_GE(name.size(), message_name_size_max - 1);
  EXPECT_TRUE(is_utf8(name));
  EXPECT_TRUE(name.ends_with("é_1a2b3c4d5e6f7a8b"));
}

TEST(FolderName, PlainAddressIsItself) {
  EXPECT_EQ(folder_name("alice+x@example.org"), "alice+x@example.org");
}

TEST(FolderName, ChangedAddressGetsAHash) {
  EXPECT_EQ(folder_name("o'brien@x").substr(0, 10), "o_brien@x~");
  EXPECT_EQ(folder_name("o'brien@x").size(), 18U);
  EXPECT_NE(folder_name("o'brien@x"), folder_name("o\"brien@x"));
}

TEST(FolderName, CannotClaimTheFolderOfAnother) {
  EXPECT_NE(folder_name(folder_name("o'brien@x")), folder_name("o'brien@x"));
}

TEST(FolderName, HashIsTheStartOfSha256) { EXPECT_EQ(folder_name("'"), "_~265fda17"); }

TEST(FolderName, NothingLeftIsStillAName) { EXPECT_TRUE(folder_name("..").starts_with("_~")); }

TEST(FolderName, KeepsToItsLimit) {
  EXPECT_EQ(folder_name(std::string(120, 'a')), std::string(120, 'a'));
  const std::string cut = folder_name(std::string(121, 'a'));
  EXPECT_EQ(cut.size(), folder_name_size_max);
  EXPECT_EQ(cut.substr(0, 112), std::string(111, 'a') + "~");
}

TEST(AttachmentName, IsTheLastComponent) {
  EXPECT_EQ(attachment_name("../../etc/passwd", "text/plain"), "passwd");
  EXPECT_EQ(attachment_name("C:\\Users\\a\\Budget 2017.xlsx", ""), "Budget-2017.xlsx");
}

TEST(AttachmentName, WithoutNameHasTheExtensionOfItsType) {
  EXPECT_EQ(attachment_name("", "application/pdf"), "noname.pdf");
  EXPECT_EQ(attachment_name("...", "image/jpeg"), "noname.jpg");
  EXPECT_EQ(attachment_name("???", "application/x-unheard-of"), "noname.bin");
}

TEST(AttachmentName, KeepsToItsLimit) {
  const std::string name(file_name_size_max, 'a');
  EXPECT_EQ(attachment_name(name, ""), name);
  EXPECT_EQ(attachment_name(name + "b", ""), name);
}

TEST(AttachmentName, IsCutBeforeItsExtension) {
  EXPECT_EQ(attachment_name(std::string(100, 'a') + ".xlsx", ""), std::string(75, 'a') + ".xlsx");
  EXPECT_EQ(attachment_name("a." + std::string(100, 'b'), ""), "a." + std::string(78, 'b'));
}

TEST(TypeFolderName, IsTheExtensionInLowerCase) {
  EXPECT_EQ(type_folder_name("budget.PDF"), "pdf");
  EXPECT_EQ(type_folder_name("a.tar.gz"), "gz");
  EXPECT_EQ(type_folder_name("a.ÉTÉ"), "été");
}
TEST(TypeFolderName, WithoutExtensionIsNone) {
  for (const char* name : {"README", "a.", "a.~", ".profile", "a.longer-than-an-extension", ""}) {
    EXPECT_EQ(type_folder_name(name), "none") << name;
  }
}
TEST(TypeFolderName, IsSafeAndShort) {
  EXPECT_EQ(type_folder_name("a.-rf"), "rf");
  EXPECT_EQ(type_folder_name("a.~1~"), "1~");
  for (const char* extension : {"a b", "a/b", "$(x)", "\u202egpj", "\xff", "..", "a\nb"}) {
    const std::string name = type_folder_name(attachment_name("a." + std::string(extension), ""));
    EXPECT_EQ(safe_name(name), name) << extension;
    EXPECT_FALSE(name.empty());
  }
  // Some letters have a longer lower case.
  EXPECT_LE(type_folder_name("a.\u023a\u023a\u023a\u023a\u023a\u023a\u023a").size(), 45U);
}

TEST(MemberName, IsAsStored) { EXPECT_EQ(member_name("My File (1).eml"), "My File (1).eml"); }

TEST(MemberName, ControlFormatAndSlashBecomeUnderscores) {
  EXPECT_EQ(member_name(std::string("a\0b/c\nd\u202Ee\xff", 12)), "a_b_c_d_e_");
}

TEST(MemberName, IsNeverADotFolderNorEmpty) {
  EXPECT_EQ(member_name("."), "_");
  EXPECT_EQ(member_name(".."), "__");
  EXPECT_EQ(member_name(""), "_");
  EXPECT_EQ(member_name(".profile"), ".profile");
}

TEST(MemberName, KeepsToItsLimitAtACharacter) {
  const std::string name(member_name_size_max, 'a');
  EXPECT_EQ(member_name(name), name);
  EXPECT_EQ(member_name(name + "b"), name);
  EXPECT_EQ(member_name(std::string(member_name_size_max - 1, 'a') + "é"),
            std::string(member_name_size_max - 1, 'a'));
}

TEST(MemberName, IsCutTo255BytesBeforeItsExtension) {
  EXPECT_EQ(member_name(std::string(300, 'a') + ".eml"), std::string(251, 'a') + ".eml");
}

}  // namespace
}  // namespace leakfs::mail
