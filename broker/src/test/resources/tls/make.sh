#!/bin/sh
# Makes the certificates of the tests anew; they hold for 100 years.
set -e
cd "$(dirname "$0")"
days=36500

authority() { # NAME SUBJECT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days $days \
    -keyout "$1-key.pem" -out "$1.pem" -subj "/CN=$2" 2>/dev/null
}

issued() { # NAME SUBJECT ALT_NAMES
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$1-key.pem" -out request.pem -subj "/CN=$2" 2>/dev/null
  printf 'subjectAltName=%s\n' "$3" > extensions
  openssl x509 -req -in request.pem -CA authority.pem -CAkey authority-key.pem -CAcreateserial \
    -days $days -extfile extensions -out "$1.pem" 2>/dev/null
}

authority authority "Moiety test authority"
authority stranger "Moiety stranger"
issued broker "broker" "DNS:localhost,IP:127.0.0.1"
issued elsewhere "elsewhere" "DNS:elsewhere.example"
issued client "client" "DNS:client.example"
openssl pkcs8 -topk8 -in broker-key.pem -out broker-key-encrypted.pem -v2 aes-256-cbc -passout pass:changeit
openssl ec -in broker-key.pem -out broker-key-sec1.pem 2>/dev/null
openssl pkcs12 -export -in broker.pem -inkey broker-key.pem -certfile authority.pem \
  -out broker.p12 -passout pass:changeit
openssl pkcs12 -export -in client.pem -inkey client-key.pem -certfile authority.pem \
  -out client.p12 -passout pass:changeit
openssl req -x509 -newkey rsa:2048 -nodes -days $days -keyout rsa-key.pem -out rsa.pem \
  -subj "/CN=rsa" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" 2>/dev/null

# Expired: "openssl ca" takes dates.
mkdir -p ca && : > ca/index && echo 01 > ca/serial
cat > ca/conf <<C
[ca]
default_ca=c
[c]
dir=ca
database=ca/index
serial=ca/serial
new_certs_dir=ca
default_md=sha256
policy=p
[p]
commonName=supplied
C
openssl req -new -key broker-key.pem -out request.pem -subj "/CN=broker"
openssl ca -batch -config ca/conf -cert authority.pem -keyfile authority-key.pem -in request.pem \
  -startdate 20200101000000Z -enddate 20210101000000Z -notext -out expired.pem 2>/dev/null
rm -rf ca request.pem extensions authority.srl authority-key.pem stranger-key.pem
