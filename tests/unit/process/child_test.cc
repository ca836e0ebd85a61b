// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/process/child.h"

#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace leakfs::process {
namespace {

// All that comes until nobody is at the other end.
std::string heard(Channel& channel) {
  std::string all;
  char message[16];
  while (const std::size_t length = channel.receive(message, sizeof message)) {
    all.append(message, length);
    all += '.';
  }
  return all;
}

Result<Child> start(const std::function<void(Channel&)>& main, const std::vector<int>& kept = {}) {
  return Child::start(main, kept);
}

TEST(Child, MessagesKeepTheirBounds) {
  Result<Child> child = start([](Channel& channel) {
    channel.send("one");
    channel.send("two");
  });
  ASSERT_TRUE(child);
  EXPECT_EQ(heard(child->channel()), "one.two.");
  EXPECT_TRUE(child->wait());
}

TEST(Child, WhatItSentIsHeardThoughItLeftMessagesUnread) {
  // An event that says that both messages are sent: a child that has the first may be gone before
  // the second.
  const File sent(::eventfd(0, 0));
  Result<Child> child = start(
      [&](Channel& channel) {
        char message[16];
        channel.receive(message, sizeof message);
        eventfd_t value = 0;
        ::eventfd_read(sent.descriptor(), &value);
        channel.send("one");
        channel.send("two");
      },
      {sent.descriptor()});
  ASSERT_TRUE(child);
  EXPECT_TRUE(child->channel().send("read"));
  EXPECT_TRUE(child->channel().send("unread"));
  ::eventfd_write(sent.descriptor(), 1);
  // Waiting for it first makes sure that it is gone.
  EXPECT_TRUE(child->wait());
  EXPECT_EQ(heard(child->channel()), "one.two.");
}

TEST(Child, ItsDeathIsItsEnd) {
  for (const auto& die : {+[](Channel&) { std::raise(SIGKILL); },
                          +[](Channel&) { throw std::runtime_error("of no interest"); }}) {
    Result<Child> child = start(die);
    ASSERT_TRUE(child);
    EXPECT_EQ(heard(child->channel()), "");
    EXPECT_FALSE(child->wait());
  }
}

TEST(Child, HasNoDescriptorThatItWasNotGiven) {
  const File kept(::open("/dev/null", O_RDONLY));
  const File other(::open("/dev/null", O_RDONLY));
  Result<Child> child = start(
      [&](Channel& channel) {
        channel.send(::fcntl(kept.descriptor(), F_GETFD) < 0 ? "gone" : "kept");
        channel.send(::fcntl(other.descriptor(), F_GETFD) < 0 ? "gone" : "kept");
      },
      {kept.descriptor()});
  ASSERT_TRUE(child);
  EXPECT_EQ(heard(child->channel()), "kept.gone.");
}

}  // namespace
}  // namespace leakfs::process
