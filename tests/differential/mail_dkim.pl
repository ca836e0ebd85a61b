#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# Mail::DKIM as an oracle: signs and verifies without a network, at the time of the mails.
#
# Usage: mail_dkim.pl CLOCK RECORDS <REQUESTS, where each line of the file RECORDS is a name, a tab
# and a TXT record. A request is a line `length TAB what [TAB name=value]...` and that many bytes of
# mail. The answer has a line for each request: TAB-separated "kind result (detail)" for each
# signature, or the hexadecimal digits of the fields that signing adds.
use strict;
use warnings;

my $clock;
BEGIN {
    $clock = shift @ARGV;
    no warnings 'once';
    *CORE::GLOBAL::time = sub () { $clock };
}

use Mail::DKIM::Verifier;
use Mail::DKIM::Signer;
use Mail::DKIM::DkSignature;
use Mail::DKIM::ARC::Signer;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::PrivateKey;

package Record;
sub type    { return 'TXT' }
sub txtdata { return ${ $_[0] } }

package main;

my %records;
open my $file, '<:raw', shift @ARGV or die "records: $!\n";
while ( my $line = <$file> ) {
    chomp $line;
    my ( $name, $text ) = split /\t/, $line, 2;
    push @{ $records{$name} }, bless \$text, 'Record';
}
close $file;
{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub { return @{ $records{ lc $_[0] } || [] } };
}

sub read_through {
    my ( $reader, $mail ) = @_;
    $reader->PRINT($mail);
    $reader->CLOSE;
    return $reader;
}

sub on_one_line { return join ' ', split /\s+/, $_[0] // 'no result' }

sub verified {
    my $reader = read_through( Mail::DKIM::Verifier->new, $_[0] );
    my @answers;
    foreach my $signature ( $reader->signatures ) {
        my $kind = $signature->isa('Mail::DKIM::DkSignature') ? 'domainkeys' : 'dkim';
        push @answers, "$kind " . on_one_line( $signature->result_detail );
    }
    return join "\t", @answers;
}

# Strict: no SHA-1, and no RSA below 1024 bits (RFC 8301).
sub arc_verified {
    my $reader = read_through( Mail::DKIM::ARC::Verifier->new( Strict => 1 ), $_[0] );
    return on_one_line( $reader->result_detail );
}

sub key_of { return Mail::DKIM::PrivateKey->load( Data => $_[0]{key} ) }

# kind: Mail::DKIM::Signature or Mail::DKIM::DkSignature
sub signed {
    my ( $kind, $mail, $wish ) = @_;
    my %tags = ( Algorithm => $wish->{a}, Method => $wish->{c}, Headers => $wish->{h},
        Domain => $wish->{d}, Selector => $wish->{s} );
    my $policy = sub { $_[0]->add_signature( $kind->new( %tags, Key => key_of($wish) ) ); 1 };
    my $signer = read_through( Mail::DKIM::Signer->new( Policy => $policy ), $mail );
    return unpack 'H*', $signer->signature->as_string . "\015\012";
}

sub sealed {
    my ( $mail, $wish ) = @_;
    my $signer = read_through( Mail::DKIM::ARC::Signer->new( Algorithm => 'rsa-sha256',
        Chain => $wish->{cv}, Domain => $wish->{d}, SrvId => $wish->{d}, Selector => $wish->{s},
        Key => key_of($wish), Timestamp => $clock ), $mail );
    die "$signer->{details}\n" unless $signer->result eq 'sealed';
    return unpack 'H*', $signer->as_string;
}

my %answer = (
    verify     => \&verified,
    arc        => \&arc_verified,
    dkim       => sub { signed( 'Mail::DKIM::Signature',   @_ ) },
    domainkeys => sub { signed( 'Mail::DKIM::DkSignature', @_ ) },
    seal       => \&sealed,
);
binmode STDIN;
local $SIG{__WARN__} = sub { };    # of its own modules, about what is no number
while ( my $head = <STDIN> ) {
    chomp $head;
    my ( $length, $what, @wishes ) = split /\t/, $head;
    read( STDIN, my $mail, $length ) == $length or die "a mail is cut short\n";
    my %wish = map { split /=/, $_, 2 } @wishes;
    my $line = eval { $answer{$what}->( $mail, \%wish ) };
    print $line // 'error ' . on_one_line($@), "\n";
}
