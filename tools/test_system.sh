#!/bin/sh
# What the tests and the bench need from the machine itself: a browser, Chinese fonts, a PostgreSQL server.
# As root on Debian it installs exactly what is missing; otherwise it says what to install, and stops.
# Quiet when all is there.
set -eu

missing_packages() {
	[ -x /usr/bin/chromium ] || echo chromium
	if ! command -v fc-list >/dev/null; then
		echo fontconfig fonts-noto-cjk
	elif ! fc-list | grep -F "Noto Sans CJK SC" >/dev/null; then
		echo fonts-noto-cjk
	fi
	for initdb in /usr/lib/postgresql/*/bin/initdb; do
		[ -x "$initdb" ] && return
	done
	echo postgresql
}

give_up() {
	echo "$1 The tests need these Debian packages: $missing." \
		"Install them as root with: apt-get update && apt-get install -y --no-install-recommends $missing" >&2
	exit 1
}

missing=$(missing_packages | xargs)
[ -n "$missing" ] || exit 0
[ "$(id -u)" -eq 0 ] || give_up "Not root, so nothing was installed."
command -v apt-get >/dev/null || give_up "No apt-get here, so nothing was installed."

echo "Installing what the tests need: $missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || give_up "The package lists could not be read."
# Unquoted on purpose: one word, one package.
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing || give_up "apt-get could not install them."

missing=$(missing_packages | xargs)
[ -z "$missing" ] || give_up "Something is still missing after the installation."
