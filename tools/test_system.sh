#!/bin/sh
# What the tests and the bench need from the machine itself: a browser, Chinese fonts, a PostgreSQL server.
# As root on Debian it installs exactly what is missing; otherwise it says what to install, and stops.
# Quiet when all is there.
set -eu

missing_packages() {
	[ -x /usr/bin/chromium ] || echo chromium
	if ! command -v fc-list >/dev/null; then
		echo fontconfig fonts-noto-cjk
	elif ! fc-list 2>/dev/null | grep -F "Noto Sans CJK SC" >/dev/null; then
		echo fonts-noto-cjk
	fi
	for initdb in /usr/lib/postgresql/*/bin/initdb; do
		[ -x "$initdb" ] && return
	done
	echo postgresql
}

give_up() {
	echo "$1: the tests need the Debian packages $missing, which root installs with" \
		"apt-get update && apt-get install -y --no-install-recommends $missing" >&2
	exit 1
}

# Unquoted on purpose, here and below: one word, one package, all on one line.
# shellcheck disable=SC2046,SC2116
missing=$(echo $(missing_packages))
[ -n "$missing" ] || exit 0
[ "$(id -u)" -eq 0 ] || give_up "Not root, so nothing was installed"
command -v apt-get >/dev/null || give_up "No apt-get here, so nothing was installed"

echo "Installing what the tests need: $missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || give_up "The package lists could not be read"
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing || give_up "apt-get could not install them"

# shellcheck disable=SC2046,SC2116
missing=$(echo $(missing_packages))
[ -z "$missing" ] || give_up "Something is still missing after the installation"
