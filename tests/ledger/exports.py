"""How real exports are laid out: their columns, with rows of our own."""

LAYOUTS: dict[str, tuple[str, list[int]]] = {
    "amount beside money out and money in": (
        "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,"
        "Local currency,Notes and #tags,Address,Receipt,Description,Category split,"
        "Money Out,Money In\n"
        "tx_1,13/11/2026,10:00:00,Card payment,Tesco,🍞,Groceries,-12.30,GBP,-12.30,GBP,,"
        "1 Road,,TESCO STORES 1234 LONDON GBR,,-12.30,\n"
        "tx_2,14/11/2026,10:00:00,Faster payment,ACME,,Income,100.00,GBP,100.00,GBP,pay,,"
        ",pay,,,100.00\n",
        [-1230, 10000],
    ),
    "counterparty, reference and type": (
        "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,"
        "Notes\n"
        "13/11/2026,Tesco,TESCO 123,CONTACTLESS,-12.30,87.70,GROCERIES,\n"
        "14/11/2026,ACME,SALARY,FASTER PAYMENT,100.00,187.70,INCOME,\n",
        [-1230, 10000],
    ),
    "leading number and memo": (
        "Number,Date,Account,Amount,Subcategory,Memo\n"
        " ,14/11/2026,20-00-00 12345678,-12.30,Card Purchase,"
        '"TESCO STORES 1234          ON 13 NOV BCC"\n'
        ' ,13/11/2026,20-00-00 12345678,100.00,Funds Transfer,"ACME LTD  SALARY BGC"\n',
        [-1230, 10000],
    ),
    "no header": (
        '14/11/2026,TESCO STORES,-12.30\n13/11/2026,ACME SALARY,"1,100.00"\n',
        [-1230, 110000],
    ),
    "sort code, debit and credit amounts": (
        "Transaction Date,Transaction Type,Sort Code,Account Number,"
        "Transaction Description,Debit Amount,Credit Amount,Balance\n"
        "14/11/2026,DEB,'30-00-00,12345678,TESCO STORES,12.30,,87.70\n"
        "13/11/2026,FPI,'30-00-00,12345678,ACME,,100.00,100.00\n",
        [-1230, 10000],
    ),
    "apostrophes and spaces after commas": (
        "Date, Type, Description, Value, Balance, Account Name, Account Number\n"
        '14 Nov 2026,D/D,"\'BRITISH GAS , 12345",-45.00,55.00,"\'Current",'
        '"\'600000-12345678",\n'
        '13/11/2026,BAC,"\'ACME , SALARY",100.00,100.00,"\'Current","\'600000-12345678",\n',
        [-4500, 10000],
    ),
    "card, purchases positive": (
        "Date,Description,Card Member,Account #,Amount,Extended Details,"
        "Appears On Your Statement As,Address,Town/City,Postcode,Country,Reference,"
        "Category\n"
        "14/11/2026,TESCO STORES,M DESAI,-11003,12.30,,TESCO STORES LONDON,,LONDON,,"
        "UNITED KINGDOM,'AT1',Groceries\n"
        "13/11/2026,PAYMENT RECEIVED - THANK YOU,M DESAI,-11003,-100.00,,"
        "PAYMENT RECEIVED - THANK YOU,,,,,'AT2',\n",
        [-1230, 10000],
    ),
    "card, purchases negative": (
        "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
        "11/12/2026,11/14/2026,KROGER #12,Groceries,Sale,-12.30,\n"
        "11/11/2026,11/13/2026,Payment Thank You-Mobile,,Payment,100.00,\n",
        [-1230, 10000],
    ),
    "summary above": (
        "Description,,Summary Amt.\n"
        'Beginning balance as of 11/01/2026,,"1,000.00"\n'
        'Total credits,,"100.00"\n'
        'Total debits,,"-12.30"\n'
        'Ending balance as of 11/30/2026,,"1,087.70"\n'
        "\n"
        "Date,Description,Amount,Running Bal.\n"
        '11/01/2026,Beginning balance as of 11/01/2026,,"1,000.00"\n'
        '11/14/2026,"KROGER #12 11/13 PURCHASE ATLANTA GA","-12.30","987.70"\n'
        '11/15/2026,"ACME DES:PAYROLL","100.00","1,087.70"\n',
        [-1230, 10000],
    ),
    "card number, debit and credit": (
        "Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit\n"
        "2026-11-12,2026-11-14,1234,KROGER,Groceries,12.30,\n"
        "2026-11-11,2026-11-13,1234,CAPITAL ONE MOBILE PYMT,Payment/Credit,,100.00\n",
        [-1230, 10000],
    ),
    "credits negative in their own column": (
        "Status,Date,Description,Debit,Credit\n"
        'Cleared,11/14/2026,"KROGER","12.30",""\n'
        'Cleared,11/13/2026,"ONLINE PAYMENT, THANK YOU","","-100.00"\n',
        [-1230, 10000],
    ),
    "no header, columns without meaning": (
        '"11/14/2026","-12.30","*","","KROGER #12"\n"11/13/2026","100.00","*","","ACME PAYROLL"\n',
        [-1230, 10000],
    ),
    "partner name": (
        '"Booking Date","Value Date","Partner Name","Partner Iban",Type,'
        '"Payment Reference","Account Name","Amount (EUR)","Original Amount",'
        '"Original Currency","Exchange Rate"\n'
        "2026-11-14,2026-11-14,REWE,,Presentment,-,Main Account,-12.30,12.30,EUR,1.0\n"
        "2026-11-13,2026-11-13,ACME,DE12,Credit Transfer,Gehalt,Main Account,1000.00,,,\n",
        [-1230, 100000],
    ),
    "German, preamble, the other side's IBAN": (
        '"Girokonto";"DE12345"\n'
        '""\n'
        '"Kontostand vom 14.11.2026:";"1.234,56 €"\n'
        '""\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";'
        '"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";'
        '"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"\n'
        '"14.11.26";"14.11.26";"Gebucht";"ISSUER";"REWE";"VISA Debitkartenumsatz";'
        '"Ausgang";"DE99";"-12,30 €";"";"";"1"\n'
        '"13.11.26";"13.11.26";"Gebucht";"ACME";"Max";"Gehalt";"Eingang";"DE98";'
        '"1.000 €";"";"";"2"\n',
        [-1230, 100000],
    ),
    "French, preamble": (
        "Compte courant;****1234;14/11/2026;;1 234,56\n"
        "Date operation;Libelle operation;Montant operation en euro\n"
        "14/11/2026;PAIEMENT CB CARREFOUR;-12,30\n"
        "13/11/2026;VIREMENT SALAIRE;1 000,00\n",
        [-1230, 100000],
    ),
    "Spanish with balance": (
        "Fecha;Concepto;Importe;Saldo\n"
        "14/11/2026;MERCADONA;-12,30;987,70\n"
        "13/11/2026;NOMINA;1.000,00;1.000,00\n",
        [-1230, 100000],
    ),
    "Italian, dare and avere": (
        "Data;Operazione;Dare;Avere;Divisa\n"
        "14/11/2026;ESSELUNGA;12,30;;EUR\n"
        "13/11/2026;STIPENDIO;;1.000,00;EUR\n",
        [-1230, 100000],
    ),
    "Dutch, af and bij": (
        '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";'
        '"Bedrag (EUR)";"Mutatiesoort";"Mededelingen";"Saldo na mutatie";"Tag"\n'
        '"20261114";"Albert Heijn";"NL01";"";"BA";"Af";"12,30";"Betaalautomaat";"x";"987,'
        '70";""\n'
        '"20261113";"ACME";"NL01";"";"OV";"Bij";"1000,'
        '00";"Overschrijving";"Salaris";"1000,00";""\n',
        [-1230, 100000],
    ),
    "withdrawals and deposits with dollars": (
        "Date,Description,Withdrawals,Deposits,Category,Balance\n"
        '11/14/2026,KROGER,"$12.30","",Groceries,"$987.70"\n'
        '11/13/2026,ACME PAYROLL,"","$1,000.00",Income,"$1,000.00"\n',
        [-1230, 100000],
    ),
    "debit and credit as words": (
        '"Date","Description","Original Description","Amount","Transaction Type",'
        '"Category","Account Name","Labels","Notes"\n'
        '"11/14/2026","Kroger","KROGER #12","12.30","debit","Groceries","Checking","",""\n'
        '"11/13/2026","Acme","ACME PAYROLL","100.00","credit","Paycheck","Checking","",""\n',
        [-1230, 10000],
    ),
    "Swedish, valuta is the currency": (
        "Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta\n"
        "2026-11-14;-123,00;1;;ICA;ICA NARA;877,00;SEK\n"
        "2026-11-13;1000,00;;1;ACME;LON;1000,00;SEK\n",
        [-12300, 100000],
    ),
}
